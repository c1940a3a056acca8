using AuthPortal.Database;
using AuthPortal.Users;

namespace AuthPortal.SecondFactor;

/// <summary>
/// Owns <c>totp_credentials</c>: of each person at most one. Rows that were never confirmed are an earlier version's,
/// which may still run beside this one: they count for nothing, and the next one that is added takes their place.
/// </summary>
internal sealed class TotpStore(Db db)
{
    private const string FindSecretSql =
        "select secret from totp_credentials where user_id = @caller and confirmed_at is not null";

    /// <returns>Sealed by <see cref="SecretSeal"/>; null where no app is on.</returns>
    public Task<string?> FindSecretAsync(Guid caller, CancellationToken ct) =>
        db.FindAsync<string>(FindSecretSql, new { caller }, ct);

    private const string AddSql = $"""
        insert into totp_credentials as held (user_id, secret, last_step, created_at, confirmed_at)
        select @caller::uuid, @secret::text, @step::bigint, @at::timestamptz, @at::timestamptz
         where {UserStore.CallerCounts}
        on conflict (user_id) do update
           set secret = excluded.secret, last_step = excluded.last_step,
               created_at = excluded.created_at, confirmed_at = excluded.confirmed_at
         where held.confirmed_at is null
        """;

    /// <param name="secret">Sealed, as all of it.</param>
    /// <param name="step">Of the code that has shown that the app has it: that code is used up.</param>
    /// <returns>False where there is one already, or the session no longer counts.</returns>
    public async Task<bool> AddAsync(
        User user, string secret, long step, DateTimeOffset at, CancellationToken ct) =>
        await db.ExecuteAsync(
            AddSql, new { caller = user.Id, version = user.SessionVersion, secret, step, at }, ct) == 1;

    // RFC 6238 §5.2: a code that was accepted is not accepted again.
    private const string AcceptSql = $"""
        update totp_credentials
           set last_step = @step, secret = @resealed
         where user_id = @caller and secret = @verified and confirmed_at is not null
           and (last_step is null or last_step < @step) and {UserStore.CallerCounts}
        """;

    /// <summary>Takes the code of that step.</summary>
    /// <param name="verified">The secret, as it was read when the code was found right.</param>
    /// <param name="resealed">The same under the present key.</param>
    /// <returns>False where a code of that step or a later one was taken before.</returns>
    public async Task<bool> AcceptAsync(
        User user, string verified, string resealed, long step, CancellationToken ct) =>
        await db.ExecuteAsync(
            AcceptSql,
            new
            {
                caller = user.Id,
                version = user.SessionVersion,
                verified,
                resealed,
                step,
            },
            ct) == 1;

    private const string RemoveSql = $"""
        delete from totp_credentials
         where user_id = @caller and confirmed_at is not null and {UserStore.CallerCounts}
        """;

    /// <returns>False where none was confirmed, or the session no longer counts.</returns>
    public async Task<bool> RemoveAsync(User user, CancellationToken ct) =>
        await db.ExecuteAsync(RemoveSql, new { caller = user.Id, version = user.SessionVersion }, ct) == 1;
}
