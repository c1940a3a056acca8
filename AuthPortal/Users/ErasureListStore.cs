using AuthPortal.Database;

namespace AuthPortal.Users;

/// <summary>Owns <c>erasures</c>: who was erased, by a digest that tells nobody who it was.</summary>
internal sealed class ErasureListStore(Db db)
{
    private const string AddSql = "insert into erasures (digest) values (@digest) on conflict do nothing";

    public Task AddAsync(byte[] digest, CancellationToken ct) => db.ExecuteAsync(AddSql, new { digest }, ct);

    private const string ListSql = "select digest from erasures order by at, digest";

    public Task<IReadOnlyList<byte[]>> ListAsync(CancellationToken ct) => db.ListAsync<byte[]>(ListSql, new { }, ct);
}
