using AuthPortal.Database;

namespace AuthPortal.Audit;

/// <summary>
/// Owns <c>audit_head</c>, and of <c>audit_events</c> the place and the hash. Whoever changes either holds the lock.
/// </summary>
internal sealed class ChainStore(Db db)
{
    // Any number will do, as long as every version of the portal uses the same.
    private const long Gate = 0x4175646974;

    // A transaction's lock, not a session's: behind a transaction-mode pooler eight sessions held one at once.
    private const string TryLockSql = "select pg_try_advisory_xact_lock(@Gate)";

    /// <returns>False where another instance has it.</returns>
    public Task<bool> TryLockAsync(CancellationToken ct) => db.FindAsync<bool>(TryLockSql, new { Gate }, ct);

    private const string LockSql = "select 1 from pg_advisory_xact_lock(@Gate)";

    public Task LockAsync(CancellationToken ct) => db.FindAsync<int>(LockSql, new { Gate }, ct);

    private const string HeadSql =
        "select place, hash, anchor_place, anchor_hash, signed_from, signature from audit_head";

    /// <returns>Null where somebody has removed it.</returns>
    public Task<ChainHead?> FindHeadAsync(CancellationToken ct) => db.FindAsync<ChainHead>(HeadSql, new { }, ct);

    private const string MoveHeadSql = """
        update audit_head
           set place = @Place,
               hash = @Hash,
               anchor_place = @AnchorPlace,
               anchor_hash = @AnchorHash,
               signed_from = @SignedFrom,
               signature = @Signature
        """;

    public Task MoveHeadAsync(ChainHead head, CancellationToken ct) => db.ExecuteAsync(MoveHeadSql, head, ct);

    // By what is missing, not by the last number seen: an event may become visible after a later one.
    private const string ListUnsealedSql = """
        select seq, at, type, personal_digest from audit_events where hash is null order by seq limit @most
        """;

    public Task<IReadOnlyList<ChainEvent>> ListUnsealedAsync(int most, CancellationToken ct) =>
        db.ListAsync<ChainEvent>(ListUnsealedSql, new { most }, ct);

    private const string CountUnsealedSql =
        "select count(*) as count, min(at) as oldest from audit_events where hash is null";

    public async Task<UnsealedEvents> CountUnsealedAsync(CancellationToken ct) =>
        (await db.FindAsync<UnsealedEvents>(CountUnsealedSql, new { }, ct))!;

    private const string SealSql = """
        update audit_events
           set place = sealed.place, hash = sealed.hash
          from unnest(@seqs::bigint[], @places::bigint[], @hashes::bytea[]) as sealed (seq, place, hash)
         where audit_events.seq = sealed.seq
        """;

    /// <param name="first">The place of the first.</param>
    public Task SealAsync(
        long first, IReadOnlyCollection<(long Seq, byte[] Hash)> links, CancellationToken ct) =>
        db.ExecuteAsync(
            SealSql,
            new
            {
                seqs = links.Select(link => link.Seq).ToArray(),
                places = links.Select((_, index) => first + index).ToArray(),
                hashes = links.Select(link => link.Hash).ToArray(),
            },
            ct);

    // Two rows in one place can't be, and would both be seen all the same.
    private const string ListSealedSql = """
        select place, hash, seq, at, type, personal_digest,
               user_id, sid, ip, user_agent, details::text as details, salt
          from audit_events
          left join audit_details using (seq)
         where (place, seq) > (@place, @seq)
         order by place, seq
         limit @most
        """;

    /// <summary>In the chain's order, those after that place; of one place, those after that <c>seq</c>.</summary>
    public Task<IReadOnlyList<SealedEvent>> ListSealedAsync(long place, long seq, int most, CancellationToken ct) =>
        db.ListAsync<SealedEvent>(ListSealedSql, new { place, seq, most }, ct);

    private const string RemoveSql = "delete from audit_events where place <= @place";

    /// <summary>With their details. The database lets none go that the head does not yet lie behind.</summary>
    public Task RemoveAsync(long place, CancellationToken ct) => db.ExecuteAsync(RemoveSql, new { place }, ct);
}
