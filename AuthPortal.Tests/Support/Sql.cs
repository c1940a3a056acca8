using Dapper;
using Npgsql;

namespace AuthPortal.Tests.Support;

/// <summary>Looks into a portal's database, and changes it behind the portal's back.</summary>
internal static class Sql
{
    public static async Task ExecuteAsync(this Portal portal, string sql, object? args = null)
    {
        await using var db = await OpenAsync(portal);
        await db.ExecuteAsync(sql, args);
    }

    public static async Task<T?> ScalarAsync<T>(this Portal portal, string sql, object? args = null)
    {
        await using var db = await OpenAsync(portal);
        return await db.ExecuteScalarAsync<T>(sql, args);
    }

    public static async Task<IReadOnlyList<T>> ListAsync<T>(this Portal portal, string sql, object? args = null)
    {
        await using var db = await OpenAsync(portal);
        return (await db.QueryAsync<T>(sql, args)).AsList();
    }

    private static async Task<NpgsqlConnection> OpenAsync(Portal portal)
    {
        var db = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(portal.Database) { Pooling = false }.ConnectionString);
        await db.OpenAsync();
        return db;
    }
}
