using AuthPortal.Database;
using AuthPortal.Users;

namespace AuthPortal.SecondFactor;

/// <summary>A row of <c>totp_credentials</c>.</summary>
/// <param name="Secret">Sealed by <see cref="SecretSeal"/>.</param>
/// <param name="ConfirmedAt">Null until a code has shown that the app has the secret.</param>
internal sealed record TotpCredential(string Secret, DateTimeOffset? ConfirmedAt);

/// <summary>Owns <c>totp_credentials</c>: of each person at most one.</summary>
internal sealed class TotpStore(Db db, TimeProvider clock)
{
    private const string FindSql = "select secret, confirmed_at from totp_credentials where user_id = @caller";

    public Task<TotpCredential?> FindAsync(Guid caller, CancellationToken ct) =>
        db.FindAsync<TotpCredential>(FindSql, new { caller }, ct);

    private const string BeginSql = $"""
        insert into totp_credentials as held (user_id, secret, created_at)
        select @caller::uuid, @secret::text, @at::timestamptz where {UserStore.CallerCounts}
        on conflict (user_id) do update
           set secret = excluded.secret, created_at = excluded.created_at
         where held.confirmed_at is null
        """;

    /// <summary>A secret to be confirmed, in place of one that never was.</summary>
    /// <returns>False where there is a confirmed one, or the session no longer counts.</returns>
    public async Task<bool> BeginAsync(User user, string secret, CancellationToken ct) =>
        await db.ExecuteAsync(
            BeginSql, new { caller = user.Id, version = user.SessionVersion, secret, at = clock.GetUtcNow() }, ct) == 1;

    // RFC 6238 §5.2: a code that was accepted is not accepted again.
    private const string AcceptSql = $"""
        update totp_credentials
           set last_step = @step, confirmed_at = coalesce(confirmed_at, @at), secret = @resealed
         where user_id = @caller and secret = @verified and (last_step is null or last_step < @step)
           and {UserStore.CallerCounts}
        """;

    /// <summary>Takes the code of that step, the first of a new secret as its confirmation.</summary>
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
                at = clock.GetUtcNow(),
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
