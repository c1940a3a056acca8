using System.Net;
using AuthPortal.Tests.Support;
using Npgsql;
using Xunit;

namespace AuthPortal.Tests.Start;

/// <summary>Several instances on one database are one portal.</summary>
public sealed class ManyInstancesTests
{
    /// <summary>One public address for all, as behind a proxy; each listens on a port of its own.</summary>
    internal const string PublicUrl = "http://localhost:5080";

    /// <summary>Once and within this process; the drill <c>SixInstances</c> does it ten times, with processes.</summary>
    [Fact]
    public async Task Six_started_at_the_same_moment_on_an_empty_database_all_serve_one_set_of_tables()
    {
        var database = await TestServer.CreateEmptyDatabaseAsync();
        var portals = Enumerable.Range(0, 6).Select(_ => Instance(database)).ToList();
        try
        {
            await Task.WhenAll(portals.Select(StartAsync));
            await AssertOneSetOfTablesAsync(database);
            await AssertEachAcceptsTheOthersAsync([.. portals.Select(portal => portal.Address)]);
        }
        finally
        {
            foreach (var portal in portals)
                await portal.DisposeAsync();
        }

        await TestServer.DropDatabaseAsync(database);
    }

    internal static async Task AssertOneSetOfTablesAsync(string database)
    {
        Assert.Equal(
            [
                "audit_details", "audit_events", "audit_head", "audited_keys", "erasures", "outbox", "passkeys",
                "recovery_codes", "revocations", "schema_versions", "session_sightings", "throttle",
                "totp_credentials", "users",
            ],
            await ListAsync(database, TablesSql));
        Assert.Empty(await ListAsync(database, AppliedTwiceSql));
    }

    /// <summary>Each takes the others' tokens, and forms that another one has shown.</summary>
    /// <param name="addresses">Where each listens.</param>
    internal static async Task AssertEachAcceptsTheOthersAsync(IReadOnlyList<string> addresses)
    {
        using var first = new HttpClient { BaseAddress = new Uri(addresses[0]) };
        var answer = await first.SendAsync(
            HttpMethod.Post,
            "/api/auth/sign-up/email",
            bearer: null,
            new { name = "Ada", email = Api.NewEmail(), password = Api.Password });
        var token = await answer.TextAsync("token");
        foreach (var address in addresses)
        {
            using var http = new HttpClient { BaseAddress = new Uri(address) };
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/me", token)).StatusCode);
        }

        var browser = new PlainBrowser(new HttpClient { BaseAddress = new Uri(addresses[0]) });
        await browser.OpenAsync("/sign-up");
        browser.Fill("Name", "Ada");
        browser.Fill("Email", Api.NewEmail());
        browser.Fill("Password", Api.Password);
        using var request = browser.Request("Create account");
        request.RequestUri = new Uri(new Uri(addresses[1]), request.RequestUri!.PathAndQuery);
        await browser.SendAsync(request);
        Assert.Equal("Hello, Ada", browser.Heading);
    }

    private static ServedPortal Instance(string database)
    {
        var portal = new ServedPortal { Database = database };
        portal.Settings["Portal:PublicUrl"] = PublicUrl;
        return portal;
    }

    /// <summary>On a thread of its own: starting blocks it, and six must start at once.</summary>
    private static Task StartAsync(Portal portal) => Task.Factory.StartNew(
        portal.StartServer, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private const string TablesSql =
        "select table_name from information_schema.tables where table_schema = 'public' order by 1";

    private const string AppliedTwiceSql =
        "select scriptname::text from schema_versions group by scriptname having count(*) > 1";

    private static async Task<List<string>> ListAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<string>();
        while (await reader.ReadAsync())
            found.Add(reader.GetString(0));
        return found;
    }
}
