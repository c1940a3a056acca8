using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthPortal.Database;

namespace AuthPortal.Audit;

/// <summary>
/// Owns <c>audit_events</c>, but for their place in the chain, and <c>audit_details</c>. The event holds only a salted
/// digest of what is personal, so that a person's details can be erased while the events still prove themselves.
/// </summary>
internal sealed class AuditStore(Db db, AuditSealer sealer, TimeProvider clock)
{
    // Of somebody who is gone the event is kept and the person is not. The lock makes an erasure wait for this, or this
    // for it. A digest stands for its event: the salt makes it unlike any other.
    private const string RecordSql = """
        with given as (
            select *
              from unnest(@times::timestamptz[], @types::text[], @digests::bytea[], @people::uuid[], @sids::uuid[],
                          @ips::text[], @agents::text[], @details::text[], @salts::bytea[])
                   with ordinality
                   as given (at, type, digest, user_id, sid, ip, user_agent, details, salt, place)
        ),
        event as (
            insert into audit_events (at, type, personal_digest)
            select at, type, digest from given order by place
            returning seq, personal_digest
        )
        insert into audit_details (seq, user_id, sid, ip, user_agent, details, salt)
        select seq, user_id, sid, ip, user_agent, details::jsonb, salt
          from event
          join given on given.digest = event.personal_digest
         where user_id is null or exists (select 1 from users where id = given.user_id for key share)
        """;

    public Task RecordAsync(AuditEvent happened, CancellationToken ct) => RecordAllAsync([happened], ct);

    // Over two tables that are not ours: a session begins only where it is written that it did, in one round trip.
    private const string RecordSignInSql = """
        with person as (
            update users
               set last_sign_in_at = @at
             where id = @userId and session_version = @version and disabled_at is null and erase_at is null
            returning id
        ), event as (
            insert into audit_events (at, type, personal_digest)
            select @at, @type, @digest from person
            returning seq
        )
        insert into audit_details (seq, user_id, sid, ip, user_agent, details, salt)
        select seq, @userId, @sid, @ip, @userAgent, @details::jsonb, @salt
          from event
        """;

    /// <param name="version">The person's, as it was when they proved who they are.</param>
    /// <returns>False when they were disabled, deleted or signed out everywhere since: nothing is written.</returns>
    public async Task<bool> RecordSignInAsync(AuditEvent happened, int version, CancellationToken ct)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var row = new
        {
            at = clock.GetUtcNow(),
            version,
            type = happened.Type,
            digest = Digest(salt, happened),
            userId = happened.UserId,
            sid = happened.SessionId,
            ip = happened.Client.Address?.ToString(),
            userAgent = happened.Client.UserAgent,
            details = JsonSerializer.Serialize(happened.Details),
            salt,
        };
        var isRecorded = await db.ExecuteAsync(RecordSignInSql, row, ct) == 1;
        if (isRecorded)
            db.AfterCommit(sealer.Note);
        return isRecorded;
    }

    public async Task RecordAllAsync(IReadOnlyCollection<AuditEvent> happened, CancellationToken ct)
    {
        var salts = happened.Select(_ => RandomNumberGenerator.GetBytes(16)).ToArray();
        var rows = new
        {
            times = Enumerable.Repeat(clock.GetUtcNow(), happened.Count).ToArray(),
            types = happened.Select(e => e.Type).ToArray(),
            digests = happened.Zip(salts, (e, salt) => Digest(salt, e)).ToArray(),
            people = happened.Select(e => e.UserId).ToArray(),
            sids = happened.Select(e => e.SessionId).ToArray(),
            ips = happened.Select(e => e.Client.Address?.ToString()).ToArray(),
            agents = happened.Select(e => e.Client.UserAgent).ToArray(),
            details = happened.Select(e => JsonSerializer.Serialize(e.Details)).ToArray(),
            salts,
        };
        await db.ExecuteAsync(RecordSql, rows, ct);
        db.AfterCommit(sealer.Note);
    }

    private const string ListOwnSql = """
        with own as (
            select seq, at, type, ip, user_agent
              from audit_details
              join audit_events using (seq)
             where user_id = @caller
             order by seq desc
             limit 10000
        )
        select at, type, ip, user_agent
          from ((select * from own where type <> all(@byAnybody) order by seq desc limit @most)
                 union all
                (select * from own where type = any(@byAnybody) order by seq desc limit @mostByAnybody)) as shown
         order by seq desc
        """;

    /// <param name="most">Of what takes the person, or their password, to happen.</param>
    /// <param name="mostByAnybody">Of the rest, which must not push that out of sight.</param>
    /// <returns>What happened to this person, the latest first.</returns>
    public Task<IReadOnlyList<RecordedEvent>> ListOwnAsync(
        Guid caller, int most, int mostByAnybody, CancellationToken ct) =>
        db.ListAsync<RecordedEvent>(
            ListOwnSql, new { caller, most, mostByAnybody, byAnybody = AuditTypes.CausedByAnybody }, ct);

    private const string EraseSql = "delete from audit_details where user_id = @caller";

    /// <summary>Forgets the person; that something happened stays, with a digest that tells nothing.</summary>
    public Task EraseAsync(Guid caller, CancellationToken ct) => db.ExecuteAsync(EraseSql, new { caller }, ct);

    /// <summary>
    /// SHA-256 of the salt and the personal part as JSON, its details in ordinal order of their keys.
    /// </summary>
    internal static byte[] Digest(
        byte[] salt,
        Guid? userId,
        Guid? sid,
        string? ip,
        string? userAgent,
        IReadOnlyDictionary<string, string> details)
    {
        var personal = JsonSerializer.Serialize(new object?[]
        {
            userId,
            sid,
            ip,
            userAgent,
            new SortedDictionary<string, string>(details.ToDictionary(), StringComparer.Ordinal),
        });
        return SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(personal)]);
    }

    private static byte[] Digest(byte[] salt, AuditEvent happened) => Digest(
        salt,
        happened.UserId,
        happened.SessionId,
        happened.Client.Address?.ToString(),
        happened.Client.UserAgent,
        happened.Details);
}
