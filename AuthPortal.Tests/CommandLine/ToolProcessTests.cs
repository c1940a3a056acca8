using System.Net;
using System.Text;
using System.Text.Json;
using AuthPortal.Tests.Passwords;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.CommandLine;

/// <summary>The binary as a tool, beside one that serves.</summary>
public sealed class ToolProcessTests
{
    [Fact]
    public async Task Imported_into_a_database_without_tables_they_sign_in_and_when_disabled_are_refused_in_two_seconds()
    {
        var database = await TestServer.CreateEmptyDatabaseAsync();
        var settings = new Dictionary<string, string?> { ["ConnectionStrings__Portal"] = database };
        var line = JsonSerializer.Serialize(
            new { email = "ada@example.com", passwordHash = BroughtHashes.BetterAuth[BroughtHashes.Umlaut] });
        var import = await Tools.ProcessAsync("users import -", $"{line}\n{{\n", settings);
        Assert.Equal((2, "1 added, 0 already there, 1 refused\n"), (import.ExitCode, import.Answer));
        Assert.Contains("line 2: is not a JSON object of this form", import.Words);
        Assert.Contains("Applied migration 0001_users.sql", import.Words);

        await using var portal = await PortalProcess.StartAndWaitAsync(database);
        using var http = portal.Client();
        var signIn = await http.SignInAsync("ada@example.com", BroughtHashes.Umlaut);
        Assert.Equal(HttpStatusCode.OK, signIn.StatusCode);
        var token = await signIn.TextAsync("token");
        using var stranger = new HttpClient { BaseAddress = new Uri(portal.Url) };
        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync("/api/me", token)).StatusCode);

        // Without a database all is tried but whether the session was revoked.
        var explain = await Tools.ProcessAsync("explain -", token, new()
        {
            ["ConnectionStrings__Portal"] = "Host=127.0.0.1;Port=1;Database=none;Username=nobody",
            ["Portal__PublicUrl"] = portal.Url,
            ["BETTER_AUTH_SECRET"] = Portal.Secret,
        });
        Assert.Equal(0, explain.ExitCode);
        Assert.Matches("claims +ok[^\n]*\nrevoked +- +not tried, since [^\n]*: PostgreSQL at 127.0.0.1:1", explain.Answer);
        Assert.EndsWith("\nThe portal accepts it, unless its session has ended.\n", explain.Answer);
        Assert.DoesNotContain("Exception", explain.Answer);

        var disable = await Tools.ProcessAsync("users disable ADA@example.com --json", "", settings);
        Assert.Equal((0, ""), (disable.ExitCode, disable.Words));
        Assert.Contains("\"changed\":true", disable.Answer);
        Assert.True(await Eventually.IsTrueAsync(
            async () => (await stranger.GetAsync("/api/me", token)).StatusCode == HttpStatusCode.Unauthorized,
            TimeSpan.FromSeconds(2)));
        Assert.Equal(
            HttpStatusCode.Unauthorized, (await http.SignInAsync("ada@example.com", BroughtHashes.Umlaut)).StatusCode);
        await TestServer.DropDatabaseAsync(database);
    }

    [Fact]
    public async Task More_people_than_memory_holds_go_in_and_out_again()
    {
        var database = await TestServer.CreateEmptyDatabaseAsync();
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings__Portal"] = database,
            ["DOTNET_GCHeapHardLimit"] = "0x2000000",   // 32 MB
        };
        var image = "https://pictures.example/" + new string('y', 900);
        var people = new StringBuilder();
        for (var i = 0; i < 20_000; i++)
            people.Append(JsonSerializer.Serialize(new { email = $"{i}@many.example", image })).Append('\n');
        var import = await Tools.ProcessAsync("users import -", people.ToString(), settings);
        Assert.Equal((0, "20000 added, 0 already there, 0 refused\n"), (import.ExitCode, import.Answer));
        var export = await Tools.ProcessAsync("users export", "", settings);
        Assert.Equal((0, 20_000), (export.ExitCode, export.Answer.Count(c => c == '\n')));
        await TestServer.DropDatabaseAsync(database);
    }

    [Fact]
    public async Task In_development_doctor_and_explain_ask_the_private_server()
    {
        var folder = Path.Combine("/var/tmp", $"authportal-test-{Guid.NewGuid():N}");
        var settings = new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Data__Folder"] = folder,
        };
        try
        {
            var migrate = await Tools.ProcessAsync("migrate", "", settings);
            Assert.Equal(0, migrate.ExitCode);

            var doctor = await Tools.ProcessAsync("doctor", "", settings);
            Assert.Equal(0, doctor.ExitCode);
            Assert.Matches("connection +ok +PostgreSQL", doctor.Answer);
            Assert.Matches("audit +ok ", doctor.Answer);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_it_can_not_do_is_told_in_a_sentence_and_by_the_exit_code()
    {
        var nothing = new Dictionary<string, string?> { ["ConnectionStrings__Portal"] = "", ["DATABASE_URL"] = "" };
        var migrate = await Tools.ProcessAsync("migrate", "", nothing);
        Assert.Equal((1, "", "AuthPortal: No database is configured: set ConnectionStrings__Portal or DATABASE_URL.\n"),
            (migrate.ExitCode, migrate.Answer, migrate.Words));

        var unknown = await Tools.ProcessAsync("frobnicate", "", nothing);
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("frobnicate", unknown.Words);

        var doctor = await Tools.ProcessAsync("doctor", "", nothing);
        Assert.Equal((2, ""), (doctor.ExitCode, doctor.Words));
        Assert.Matches("settings +fault +[^\n]*Portal__PublicUrl is not set[^\n]*BETTER_AUTH_SECRET is not set", doctor.Answer);
        Assert.Matches("connection +fault +No database is configured", doctor.Answer);

        var help = await Tools.ProcessAsync("--help", "", nothing);
        Assert.Equal((0, ""), (help.ExitCode, help.Words));
        Assert.Contains("Exit codes: 0 done; 1 could not run", help.Answer.ReplaceLineEndings(" "));
    }
}
