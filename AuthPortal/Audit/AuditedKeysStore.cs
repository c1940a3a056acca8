using AuthPortal.Database;

namespace AuthPortal.Audit;

/// <summary>Owns <c>audited_keys</c>: which keys the log last told of.</summary>
internal sealed class AuditedKeysStore(Db db)
{
    // Of several instances that start at once the first writes; the others wait for it, and find it told.
    private const string TellSql = """
        insert into audited_keys as told (fingerprint)
        values (@fingerprint)
        on conflict (id) do update
           set fingerprint = excluded.fingerprint
         where told.fingerprint <> excluded.fingerprint
        """;

    /// <returns>False where they are the ones last told of.</returns>
    public async Task<bool> TellAsync(byte[] fingerprint, CancellationToken ct) =>
        await db.ExecuteAsync(TellSql, new { fingerprint }, ct) == 1;
}
