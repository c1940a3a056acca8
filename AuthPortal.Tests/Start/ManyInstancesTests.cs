using System.Net;
using AuthPortal.Tests.Support;
using Npgsql;
using Xunit;

namespace AuthPortal.Tests.Start;

/// <summary>Several processes on one database are one portal.</summary>
public sealed class ManyInstancesTests
{
    /// <summary>Once here, where time is short; the drill <c>SixInstances</c> does it ten times.</summary>
    [Fact]
    public Task Six_started_at_the_same_moment_on_an_empty_database_all_serve_one_set_of_tables() =>
        StartTogetherAsync(alsoTry: true);

    /// <param name="alsoTry">Whether each is also shown the others' tokens and forms.</param>
    internal static async Task StartTogetherAsync(bool alsoTry)
    {
        var database = await TestServer.CreateEmptyDatabaseAsync();
        var portals = await StartSixAsync(database);
        try
        {
            Assert.Equal(
                [
                    "audit_details", "audit_events", "audit_head", "audited_keys", "outbox", "passkeys",
                    "recovery_codes", "revocations", "schema_versions", "session_sightings", "throttle",
                    "totp_credentials", "users",
                ],
                await ListAsync(database, TablesSql));
            Assert.Empty(await ListAsync(database, AppliedTwiceSql));
            if (alsoTry)
                await Each_accepts_the_others_tokens_and_forms(portals);
        }
        finally
        {
            await Task.WhenAll(portals.Select(portal => portal.DisposeAsync().AsTask()));
        }

        await TestServer.DropDatabaseAsync(database);
    }

    private static async Task Each_accepts_the_others_tokens_and_forms(PortalProcess[] portals)
    {
        using var first = portals[0].Client();
        var answer = await first.SendAsync(
            HttpMethod.Post,
            "/api/auth/sign-up/email",
            bearer: null,
            new { name = "Ada", email = Api.NewEmail(), password = Api.Password });
        var token = await answer.TextAsync("token");
        foreach (var portal in portals)
        {
            using var http = portal.Client();
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/me", token)).StatusCode);
        }

        var browser = new PlainBrowser(new HttpClient { BaseAddress = new Uri(portals[0].Url) });
        await browser.OpenAsync("/sign-up");
        browser.Fill("Name", "Ada");
        browser.Fill("Email", Api.NewEmail());
        browser.Fill("Password", Api.Password);
        using var request = browser.Request("Create account");
        request.RequestUri = new Uri(new Uri(portals[1].Url), request.RequestUri!.PathAndQuery);
        await browser.SendAsync(request);
        Assert.Equal("Hello, Ada", browser.Heading);
    }

    private static async Task<PortalProcess[]> StartSixAsync(string database)
    {
        // One public address for all, as behind a proxy; each listens on a port of its own.
        const string Public = "http://localhost:5080";
        var portals = Enumerable.Range(0, 6)
            .Select(_ => PortalProcess.Start(database, new() { ["Portal__PublicUrl"] = Public }))
            .ToArray();
        await Task.WhenAll(portals.Select(portal => portal.ReadyAsync()));
        return portals;
    }

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
