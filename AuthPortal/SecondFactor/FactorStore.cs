using System.Globalization;
using AuthPortal.Database;
using AuthPortal.Users;

namespace AuthPortal.SecondFactor;

/// <summary>A person's authenticator app and recovery codes, as others than themselves see and end them.</summary>
internal sealed class FactorStore(Db db) : IWayIn
{
    public IReadOnlyList<string> Tables { get; } = ["totp_credentials", "recovery_codes"];

    private const string App = "authenticator";

    /// <summary>Whether it is an app, of which a person has at most one.</summary>
    public static bool IsApp(AddedFactor factor) => factor.Kind == App;

    private const string FindAddedSql =
        "select confirmed_at from totp_credentials where user_id = @userId and confirmed_at >= @since";

    /// <summary>The app alone: recovery codes come and go with it, or are told of when they are made anew.</summary>
    public async Task<IReadOnlyList<AddedFactor>> ListAsync(
        Guid userId, DateTimeOffset since, CancellationToken ct) =>
        await db.FindAsync<DateTimeOffset?>(FindAddedSql, new { userId, since }, ct) is { } at
            ? [new AddedFactor(
                App,
                at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
                "Authenticator app",
                at)]
            : [];

    // Codes of an app that stays may be somebody else's all the same: who came in since then could make new ones.
    private const string EndSql = """
        with gone as (
            delete from totp_credentials
             where user_id = @userId and coalesce(confirmed_at, created_at) >= @since
            returning user_id
        )
        delete from recovery_codes
         where user_id = @userId and (created_at >= @since or exists (select from gone))
        """;

    public Task EndAsync(Guid userId, DateTimeOffset since, CancellationToken ct) =>
        db.ExecuteAsync(EndSql, new { userId, since }, ct);
}
