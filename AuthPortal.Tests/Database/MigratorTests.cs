using AuthPortal.Tests.Support;
using Npgsql;
using Xunit;

namespace AuthPortal.Tests.Database;

public sealed class MigratorTests
{
    [Fact]
    public async Task Twelve_instances_may_start_on_an_empty_database()
    {
        for (var round = 0; round < 3; round++)
        {
            var database = await TestServer.CreateEmptyDatabaseAsync();

            await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => TestServer.MigrateAsync(database)));

            await using var source = NpgsqlDataSource.Create(
                new NpgsqlConnectionStringBuilder(database) { Pooling = false });
            await using var journal = source.CreateCommand(
                "select array_agg(scriptname::text order by schemaversionsid) from schema_versions");
            var applied = (string[])(await journal.ExecuteScalarAsync())!;
            Assert.Equal(applied.Distinct().Order(), applied);
            Assert.Contains("0001_users.sql", applied);

            // ASVS 6.3.2: nobody is there before anybody signs up.
            await using var people = source.CreateCommand("select count(*) from users");
            Assert.Equal(0L, await people.ExecuteScalarAsync());
            await TestServer.DropDatabaseAsync(database);
        }
    }
}
