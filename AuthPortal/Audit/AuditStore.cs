using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthPortal.Database;

namespace AuthPortal.Audit;

/// <summary>
/// Owns <c>audit_events</c> and <c>audit_details</c>. The event holds only a salted digest of what is personal, so
/// that a person's details can be erased while the events still prove themselves.
/// </summary>
internal sealed class AuditStore(Db db, TimeProvider clock)
{
    // Of somebody who is gone the event is kept and the person is not. The lock makes an erasure wait for this, or this
    // for it.
    private const string RecordSql = """
        with event as (
            insert into audit_events (at, type, personal_digest)
            values (@at, @type, @digest)
            returning seq
        )
        insert into audit_details (seq, user_id, sid, ip, user_agent, details, salt)
        select seq, @userId::uuid, @sid, @ip, @userAgent, @details::jsonb, @salt
          from event
         where @userId::uuid is null or exists (select 1 from users where id = @userId::uuid for key share)
        """;

    public Task RecordAsync(AuditEvent happened, CancellationToken ct)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var row = new
        {
            at = clock.GetUtcNow(),
            type = happened.Type,
            digest = Digest(salt, happened),
            userId = happened.UserId,
            sid = happened.SessionId,
            ip = happened.Client.Address?.ToString(),
            userAgent = happened.Client.UserAgent,
            details = JsonSerializer.Serialize(happened.Details),
            salt,
        };
        return db.ExecuteAsync(RecordSql, row, ct);
    }

    private const string ListOwnSql = """
        select at, type, ip, user_agent
          from audit_details
          join audit_events using (seq)
         where user_id = @caller
         order by seq desc
         limit @most
        """;

    /// <returns>What happened to this person, the latest first.</returns>
    public Task<IReadOnlyList<RecordedEvent>> ListOwnAsync(Guid caller, int most, CancellationToken ct) =>
        db.ListAsync<RecordedEvent>(ListOwnSql, new { caller, most }, ct);

    private const string EraseSql = "delete from audit_details where user_id = @caller";

    /// <summary>Forgets the person; that something happened stays, with a digest that tells nothing.</summary>
    public Task EraseAsync(Guid caller, CancellationToken ct) => db.ExecuteAsync(EraseSql, new { caller }, ct);

    /// <summary>
    /// SHA-256 of the salt and the personal part as JSON, its details in ordinal order of their keys.
    /// </summary>
    internal static byte[] Digest(byte[] salt, AuditEvent happened)
    {
        var personal = JsonSerializer.Serialize(new object?[]
        {
            happened.UserId,
            happened.SessionId,
            happened.Client.Address?.ToString(),
            happened.Client.UserAgent,
            new SortedDictionary<string, string>(happened.Details.ToDictionary(), StringComparer.Ordinal),
        });
        return SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(personal)]);
    }
}

internal static class AuditSetup
{
    public static void AddAudit(this WebApplicationBuilder builder) => builder.Services.AddScoped<AuditStore>();
}
