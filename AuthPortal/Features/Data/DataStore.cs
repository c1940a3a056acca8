using AuthPortal.Database;

namespace AuthPortal.Features.Data;

/// <summary>
/// Everything that is held about a person, read from tables that others own. A test walks the catalogue: a new table
/// about people must be named here.
/// </summary>
internal sealed class DataStore(Db db)
{
    // What only proves or opens something is left out: the password's hash, salts, and the links in waiting letters.
    private const string ExportSql = """
        select jsonb_pretty(jsonb_build_object(
            'users', (
                select jsonb_agg(to_jsonb(users) - 'password_hash' - 'password_id') from users where id = @caller),
            'audit_details', (
                select coalesce(jsonb_agg(
                           to_jsonb(audit_details) - 'salt' || jsonb_build_object('at', at, 'type', type) order by seq),
                       '[]')
                  from audit_details
                  join audit_events using (seq)
                 where user_id = @caller),
            'revocations', (
                select coalesce(jsonb_agg(to_jsonb(revocations)), '[]') from revocations where user_id = @caller),
            'passkeys', (
                select coalesce(jsonb_agg(to_jsonb(passkeys) - 'public_key'), '[]')
                  from passkeys
                 where user_id = @caller),
            'totp_credentials', (
                select coalesce(jsonb_agg(to_jsonb(totp_credentials) - 'secret'), '[]')
                  from totp_credentials
                 where user_id = @caller),
            'recovery_codes', (
                select coalesce(jsonb_agg(to_jsonb(recovery_codes) - 'code_hash'), '[]')
                  from recovery_codes
                 where user_id = @caller),
            'session_sightings', (
                select coalesce(jsonb_agg(to_jsonb(session_sightings)), '[]')
                  from session_sightings
                 where user_id = @caller),
            'outbox', (
                select coalesce(jsonb_agg(to_jsonb(outbox) - 'text_body' - 'html_body'), '[]')
                  from outbox
                 where user_id = @caller)))
        """;

    /// <returns>JSON: by table, its rows about the caller.</returns>
    public async Task<string> ExportAsync(Guid caller, CancellationToken ct) =>
        await db.FindAsync<string>(ExportSql, new { caller }, ct) ?? "{}";
}
