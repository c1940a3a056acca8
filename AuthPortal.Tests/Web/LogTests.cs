using System.Net;
using System.Text.Json.Nodes;
using AuthPortal.Tests.Support;
using Npgsql;
using Xunit;

namespace AuthPortal.Tests.Web;

/// <summary>What the portal prints, as its own process does.</summary>
public sealed class LogTests(LoggingPortal logging) : IClassFixture<LoggingPortal>
{
    [Fact]
    public async Task What_nobody_foresaw_is_logged_once_under_the_id_that_page_and_program_are_told()
    {
        var portal = logging.Process;
        var browser = new PlainBrowser(new HttpClient { BaseAddress = new Uri(portal.Url) });
        await browser.OpenAsync("/sign-in");
        using var http = portal.Client();
        await logging.ExecuteAsync("alter table users rename to people"); // every sign-in reads it
        HttpResponseMessage answer;
        try
        {
            await browser.SubmitAsync("Sign in", ("Email", "ada@example.com"), ("Password", Api.Password));
            answer = await http.SignInAsync("ada@example.com");
        }
        finally
        {
            await logging.ExecuteAsync("alter table people rename to users");
        }

        Assert.Equal(HttpStatusCode.InternalServerError, browser.Status);
        var onPage = browser.Page.QuerySelector("main code")!.TextContent;
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        var inProblem = await answer.TextAsync("traceId");

        Assert.True(await Eventually.IsTrueAsync(
            () => Task.FromResult(Errors(portal).Count >= 2), TimeSpan.FromSeconds(30)), portal.Said);
        var errors = Errors(portal);
        Assert.Equal([onPage, inProblem], errors.Select(line => line["Scopes"]![0]!["TraceId"]!.GetValue<string>()));
        Assert.All(errors, line =>
        {
            Assert.Contains("42P01", line["Exception"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", line["Timestamp"]!.GetValue<string>());
        });
        var told = browser.Page.DocumentElement.OuterHtml + await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain("42P01", told, StringComparison.Ordinal);
        Assert.DoesNotContain("Npgsql", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_a_stranger_sends_begins_a_line_of_its_own()
    {
        var portal = logging.Process;
        const string Forged = "\r\n{\"LogLevel\":\"Critical\"}\u001b[2J\u0085\u2028";
        using var http = portal.Client();

        await http.GetAsync($"/nowhere{Uri.EscapeDataString(Forged)}");
        await http.SignInAsync($"ada@example.com{Forged}");
        await http.GetAsync("/the-last"); // lines are printed in the order of the requests

        Assert.True(await Eventually.IsTrueAsync(
            () => Task.FromResult(portal.Said.Contains("/the-last", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(30)));
        Assert.Contains("/nowhere", portal.Said, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', portal.Said);
        Assert.DoesNotContain("Critical", Lines(portal).Select(line => line["LogLevel"]!.GetValue<string>()));
    }

    private static List<JsonObject> Errors(PortalProcess portal) =>
        [.. Lines(portal).Where(line => line["LogLevel"]!.GetValue<string>() == "Error")];

    /// <summary>All it printed, each line being one object.</summary>
    private static IEnumerable<JsonObject> Lines(PortalProcess portal) =>
        portal.Said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject());
}

/// <summary>A portal's process that logs which path was asked for.</summary>
public sealed class LoggingPortal : IAsyncLifetime
{
    private string _database = "";

    internal PortalProcess Process { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _database = await TestServer.CreateDatabaseAsync();
        Process = await PortalProcess.StartAndWaitAsync(
            _database, new() { ["Logging__LogLevel__Microsoft.AspNetCore.Routing"] = "Debug" });
    }

    public async Task DisposeAsync()
    {
        await Process.DisposeAsync();
        await TestServer.DropDatabaseAsync(_database);
    }

    /// <summary>Changes its database behind its back.</summary>
    internal async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_database);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
