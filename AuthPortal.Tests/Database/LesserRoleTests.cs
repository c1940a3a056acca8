using System.Net;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.Options;
using Npgsql;
using Xunit;

namespace AuthPortal.Tests.Database;

/// <summary>
/// Served by a database user who may read and write rows and nothing else, as docs/security.md says (ASVS 13.2.2).
/// </summary>
public sealed class LesserRoleTests(Portal portal) : IClassFixture<Portal>, IAsyncLifetime
{
    private readonly string _role = $"lesser_{Guid.NewGuid():N}";

    // What docs/security.md tells to type, but for the names.
    public Task InitializeAsync() => portal.ExecuteAsync(
        $"""
        create role {_role} login password 'lesser';
        grant usage on schema public to {_role};
        grant select, insert, update, delete on all tables in schema public to {_role};
        """);

    public Task DisposeAsync() => portal.ExecuteAsync($"drop owned by {_role}; drop role {_role}");

    [Fact]
    public async Task Everything_works_once_the_tables_are_there()
    {
        await using var lesser = portal.Sibling(s => s.Settings["ConnectionStrings:Portal"] = Lesser());
        var person = await lesser.NewPersonAsync();
        var cookies = await lesser.SignInAgainAsync(person);
        Assert.Equal(HttpStatusCode.OK, (await lesser.Stranger().PostAsync("/api/auth/refresh", cookies)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await lesser.Stranger().PostAsync("/api/auth/sign-out", cookies)).StatusCode);
        var deleted = await lesser.Stranger().SendAsync(
            HttpMethod.Post, "/api/auth/delete-user", person.AccessToken, new { password = Api.Password });
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);

        string[] beyond = ["create table x ()", "drop table users", "alter table users add x int", "truncate users"];
        foreach (var sql in beyond)
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(sql));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    [Fact]
    public async Task A_migration_that_is_due_is_asked_for_in_a_sentence()
    {
        await portal.ExecuteAsync(
            """
            create table kept as select * from schema_versions;
            delete from schema_versions where scriptname = (select min(scriptname) from schema_versions)
            """);

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => TestServer.MigrateAsync(Lesser()));

        await portal.ExecuteAsync(
            "insert into schema_versions select * from kept where scriptname like '0001%'; drop table kept");
        Assert.Contains("this user may create no tables in the schema public, and a migration is due", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("'lesser'", refused.Message, StringComparison.Ordinal);
    }

    private string Lesser() => new NpgsqlConnectionStringBuilder(portal.Database)
    {
        Username = _role,
        Password = "lesser",
    }.ConnectionString;

    private async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(Lesser());
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
