using AuthPortal.Database;

namespace AuthPortal.SecondFactor;

/// <summary>Takes a person's whole second factor away, by others than themselves.</summary>
internal sealed class FactorStore(Db db)
{
    private const string ForgetSql = """
        with codes as (
            delete from recovery_codes where user_id = @caller
        )
        delete from totp_credentials where user_id = @caller
        """;

    /// <summary>The authenticator app and the recovery codes.</summary>
    /// <returns>False where there was no app.</returns>
    public async Task<bool> ForgetAsync(Guid caller, CancellationToken ct) =>
        await db.ExecuteAsync(ForgetSql, new { caller }, ct) == 1;
}
