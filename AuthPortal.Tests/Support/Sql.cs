using Dapper;

namespace AuthPortal.Tests.Support;

/// <summary>Looks into a portal's database, and changes it behind the portal's back.</summary>
internal static class Sql
{
    public static async Task ExecuteAsync(this Portal portal, string sql, object? args = null)
    {
        await using var db = await portal.Behind.OpenConnectionAsync();
        await db.ExecuteAsync(sql, args);
    }

    /// <summary>As a superuser could who puts the triggers to sleep.</summary>
    public static Task TamperAsync(this Portal portal, string sql, object? args = null) =>
        portal.ExecuteAsync($"begin; set local session_replication_role = replica; {sql}; commit", args);

    public static async Task<T?> ScalarAsync<T>(this Portal portal, string sql, object? args = null)
    {
        await using var db = await portal.Behind.OpenConnectionAsync();
        return await db.ExecuteScalarAsync<T>(sql, args);
    }

    public static async Task<IReadOnlyList<T>> ListAsync<T>(this Portal portal, string sql, object? args = null)
    {
        await using var db = await portal.Behind.OpenConnectionAsync();
        return (await db.QueryAsync<T>(sql, args)).AsList();
    }

    /// <summary>Every row of every table, told as text: what the catalogue names, so that none is forgotten.</summary>
    /// <remarks>
    /// How often the worker has tried to send a mail, and how far the log is sealed, is no change of anybody's.
    /// </remarks>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> SnapshotAsync(this Portal portal)
    {
        var tables = await portal.ListAsync<string>(TablesSql);
        var rows = (await portal.ListAsync<(string Table, string Row)>(string.Join(" union all ", tables.Select(
                table => $"select '{table}', (to_jsonb(t) {Passing})::text from {table} t")) + " order by 1, 2"))
            .ToLookup(found => found.Table, found => found.Row);
        return tables.ToDictionary(table => table, IReadOnlyList<string> (table) => [.. rows[table]]);
    }

    /// <summary>
    /// The number and the digest of the rows that <see cref="SnapshotAsync"/> reads, for each table: a change of any
    /// value of any row changes it, and no row leaves the database.
    /// </summary>
    public static async Task<IReadOnlyDictionary<string, string>> DigestsAsync(this Portal portal)
    {
        var tables = await portal.ListAsync<string>(TablesSql);
        var digests = await portal.ListAsync<(string Table, string Digest)>(string.Join(" union all ", tables.Select(
            table => $"""
                select '{table}', count(*) || ' rows ' || coalesce(md5(string_agg(row, e'\n' order by row)), '')
                  from (select (to_jsonb(t) {Passing})::text as row from {table} t) as rows
                """)));
        return digests.ToDictionary(found => found.Table, found => found.Digest);
    }

    /// <summary>The tables of which a row holds this text, such as somebody's id or address, in any column.</summary>
    public static async Task<IReadOnlyList<string>> TablesThatMentionAsync(this Portal portal, string text) =>
        [.. (await portal.SnapshotAsync())
            .Where(table => table.Value.Any(row => row.Contains(text, StringComparison.OrdinalIgnoreCase)))
            .Select(table => table.Key)];

    private const string Passing = "- 'attempts' - 'next_attempt_at' - 'last_error' - 'place' - 'hash'";

    private const string TablesSql = """
        select table_name::text
          from information_schema.tables
         where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'audit_head'
         order by table_name
        """;
}
