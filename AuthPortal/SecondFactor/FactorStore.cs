using System.Globalization;
using AuthPortal.Database;
using AuthPortal.Users;

namespace AuthPortal.SecondFactor;

/// <summary>A person's authenticator app and recovery codes, as others than themselves see and end them.</summary>
internal sealed class FactorStore(Db db) : IWayIn
{
    /// <summary>What <see cref="AddedFactor.Kind"/> says of an app, of which a person has at most one.</summary>
    public const string App = "authenticator";

    /// <summary>
    /// The kind of recovery codes that were made after the app was turned on; the app's first ones go with it.
    /// </summary>
    public const string NewCodes = "recovery-codes";

    public IReadOnlyList<string> Tables { get; } = ["totp_credentials", "recovery_codes"];

    private const string ListSql = $"""
        select '{App}' as kind, confirmed_at as added_at
          from totp_credentials
         where user_id = @userId and confirmed_at >= @since
         union all
        select '{NewCodes}', max(recovery_codes.created_at)
          from recovery_codes join totp_credentials using (user_id)
         where user_id = @userId and recovery_codes.created_at >= @since
           and recovery_codes.created_at > totp_credentials.confirmed_at
        having count(*) > 0
        """;

    public async Task<IReadOnlyList<AddedFactor>> ListAsync(
        Guid userId, DateTimeOffset since, CancellationToken ct) =>
    [
        .. from added in await db.ListAsync<Added>(ListSql, new { userId, since }, ct)
           let id = added.AddedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)
           select new AddedFactor(added.Kind, id, Name: null, added.AddedAt),
    ];

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

    public Task EndAsync(User held, DateTimeOffset since, CancellationToken ct) =>
        db.ExecuteAsync(EndSql, new { userId = held.Id, since }, ct);

    private sealed record Added(string Kind, DateTimeOffset AddedAt);
}
