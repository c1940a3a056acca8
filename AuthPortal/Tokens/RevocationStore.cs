using AuthPortal.Database;
using AuthPortal.Users;

namespace AuthPortal.Tokens;

/// <summary>What ended early: a session, or every session of a person below a version.</summary>
internal sealed record Revocation(Guid UserId, Guid? Sid, int? BelowVersion);

/// <summary>Owns <c>revocations</c>: state for the exceptions only.</summary>
internal sealed class RevocationStore(Db db)
{
    // Times of polling are the database's own, so that instances need not agree on theirs.
    private const string AddSql = """
        insert into revocations (id, kind, user_id, sid, below_version, expires_at)
        values (@id, @kind, @UserId, @Sid, @BelowVersion, @expiresAt)
        on conflict (sid) do nothing
        """;

    /// <param name="expiresAt">When the last token it concerns has ended anyway.</param>
    /// <returns>False where that session had been revoked already.</returns>
    public async Task<bool> AddAsync(Revocation revoked, DateTimeOffset expiresAt, CancellationToken ct) =>
        await db.ExecuteAsync(
            AddSql,
            new
            {
                id = Guid.CreateVersion7(),
                kind = revoked.Sid is null ? "user" : "session",
                revoked.UserId,
                revoked.Sid,
                revoked.BelowVersion,
                expiresAt,
            },
            ct) == 1;

    // By the clock, not the transaction's beginning: so many rows take their time, and pollers look a minute back.
    private const string AddEverybodySql = """
        insert into revocations (id, kind, user_id, below_version, at, expires_at)
        select gen_random_uuid(), 'user', id, session_version, clock_timestamp(), @expiresAt
          from users
         where last_sign_in_at > @since
        """;

    /// <summary>Of all who signed in since then, whatever version they have by now: nothing below it counts.</summary>
    public Task AddEverybodyAsync(DateTimeOffset since, DateTimeOffset expiresAt, CancellationToken ct) =>
        db.ExecuteAsync(AddEverybodySql, new { since, expiresAt }, ct);

    private const string ListYoungerThanSql =
        "select user_id, sid, below_version from revocations where at > now() - @age::interval";

    public Task<IReadOnlyList<Revocation>> ListYoungerThanAsync(
        TimeSpan age, TimeSpan? patience, CancellationToken ct) =>
        db.ListAsync<Revocation>(ListYoungerThanSql, new { age }, patience, ct);

    // users is UserStore's to change; this one read of both is what makes a renewal a single round trip.
    private const string FindForRenewalSql = $"""
        select {UserStore.Columns}
          from users
         where id = @UserId and session_version = @Version and disabled_at is null
           and not exists (
               select 1
                 from revocations
                where user_id = users.id and (sid = @Id or below_version > @Version))
        """;

    /// <returns>The person, where this session still counts.</returns>
    public Task<User?> FindForRenewalAsync(Session session, TimeSpan? patience, CancellationToken ct) =>
        db.FindAsync<User>(FindForRenewalSql, new { session.UserId, session.Version, session.Id }, patience, ct);

    private const string DeleteExpiredSql = "delete from revocations where expires_at < @now";

    public Task<int> DeleteExpiredAsync(DateTimeOffset now, CancellationToken ct) =>
        db.ExecuteAsync(DeleteExpiredSql, new { now }, ct);
}
