using System.Net;
using System.Text;
using System.Text.Json;
using AuthPortal.Database;
using AuthPortal.Database.Development;
using AuthPortal.Tests.Passwords;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AuthPortal.Tests.CommandLine;

/// <summary>The binary as a tool, beside a portal that serves.</summary>
public sealed class ToolProcessTests(ImportedUsers imported, Portal portal)
    : IClassFixture<ImportedUsers>, IClassFixture<Portal>
{
    [Fact]
    public void An_import_makes_the_tables_and_refuses_a_line_and_adds_more_users_than_memory_holds()
    {
        var import = imported.Import;
        Assert.Equal(
            (2, $"{ImportedUsers.Count} added, 0 already there, 1 refused\n"), (import.ExitCode, import.Answer));
        Assert.Contains("line 2: is not a JSON object of this form", import.Words);
        Assert.Contains("Applied migration 0001_users.sql", import.Words);
    }

    [Fact]
    public async Task More_users_than_memory_holds_are_exported()
    {
        var export = await Tools.ProcessAsync("users export", "", imported.Settings);
        Assert.Equal((0, ImportedUsers.Count), (export.ExitCode, export.Answer.Count(c => c == '\n')));
    }

    [Fact]
    public async Task An_imported_user_signs_in_and_when_disabled_is_refused_in_two_seconds()
    {
        await using var serving = new Portal
        {
            Database = imported.Database,
            Clock = new FakeTimeProvider(DateTimeOffset.UtcNow),
        };
        using var http = serving.Stranger();
        var signIn = await http.SignInAsync("ada@example.com", BroughtHashes.Umlaut);
        Assert.Equal(HttpStatusCode.OK, signIn.StatusCode);
        var token = await signIn.TextAsync("token");
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/me", token)).StatusCode);

        var disable = await Tools.ProcessAsync("users disable ADA@example.com --json", "", imported.Settings);
        Assert.Equal((0, ""), (disable.ExitCode, disable.Words));
        Assert.Contains("\"changed\":true", disable.Answer);
        await serving.AdvanceAsync(TimeSpan.FromSeconds(2)); // by the portal's clock
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/me", token)).StatusCode);
        Assert.Equal(
            HttpStatusCode.Unauthorized, (await http.SignInAsync("ada@example.com", BroughtHashes.Umlaut)).StatusCode);
    }

    [Fact]
    public async Task Without_a_database_a_token_is_explained_but_for_whether_it_was_revoked()
    {
        var explain = await Tools.ProcessAsync("explain -", (await portal.NewPersonAsync()).AccessToken, new()
        {
            ["ConnectionStrings__Portal"] = "Host=127.0.0.1;Port=1;Database=none;Username=nobody",
            ["Portal__PublicUrl"] = portal.Address,
            ["BETTER_AUTH_SECRET"] = Portal.Secret,
        });
        Assert.Equal(0, explain.ExitCode);
        Assert.Matches("claims +ok[^\n]*\nrevoked +- +not tried, since [^\n]*: PostgreSQL at 127.0.0.1:1", explain.Answer);
        Assert.EndsWith("\nThe portal accepts it, unless its session has ended.\n", explain.Answer);
        Assert.DoesNotContain("Exception", explain.Answer);
    }

    [Fact]
    public async Task In_development_the_doctor_asks_the_private_server()
    {
        var account = ServerAccount.ForThisProcess();
        var folder = new DataFolder(PrivateServer.NewFolder(account, durable: false));
        var binaries = PostgresBinaries.Find(AppContext.BaseDirectory);
        try
        {
            await using (var server =
                new DevelopmentPostgres(folder, binaries, account, NullLogger<DevelopmentPostgres>.Instance))
            {
                await server.JoinAsync(default);
                await TestServer.MigrateAsync(server.Address.ConnectionString);
            }

            var doctor = await Tools.ProcessAsync("doctor", "", new()
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["Data__Folder"] = folder.Path,
            });
            Assert.Equal(0, doctor.ExitCode);
            Assert.Matches("connection +ok +PostgreSQL", doctor.Answer);
            Assert.Matches("audit +ok ", doctor.Answer);
        }
        finally
        {
            Directory.Delete(folder.Path, recursive: true);
        }
    }

    [Fact]
    public async Task What_it_can_not_do_is_told_in_a_sentence_and_by_the_exit_code()
    {
        var nothing = new Dictionary<string, string?> { ["ConnectionStrings__Portal"] = "", ["DATABASE_URL"] = "" };
        var migrate = await Tools.ProcessAsync("migrate", "", nothing);
        Assert.Equal((1, "", "AuthPortal: No database is configured: set ConnectionStrings__Portal or DATABASE_URL.\n"),
            (migrate.ExitCode, migrate.Answer, migrate.Words));

        var doctor = await Tools.ProcessAsync("doctor", "", nothing);
        Assert.Equal((2, ""), (doctor.ExitCode, doctor.Words));
        Assert.Matches("settings +fault +[^\n]*Portal__PublicUrl is not set[^\n]*BETTER_AUTH_SECRET is not set", doctor.Answer);
        Assert.Matches("connection +fault +No database is configured", doctor.Answer);
    }

    [Fact]
    public async Task An_unknown_command_is_named_and_help_tells_the_exit_codes()
    {
        var unknown = await portal.RunAsync("frobnicate");
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("frobnicate", unknown.Words);

        var help = await portal.RunAsync("--help");
        Assert.Equal((0, ""), (help.ExitCode, help.Words));
        Assert.Contains("Exit codes: 0 done; 1 could not run", help.Answer.ReplaceLineEndings(" "));
    }
}

/// <summary>
/// A database without tables, into which a process with little memory has brought Ada, with the password hash that she
/// has elsewhere, a line that is none, and many more users.
/// </summary>
public sealed class ImportedUsers : IAsyncLifetime
{
    /// <summary>How many there are; their lines are some 20 MB.</summary>
    public const int Count = 20_001;

    public string Database { get; private set; } = "";

    /// <summary>Those of a process that may use 32 MB.</summary>
    public Dictionary<string, string?> Settings { get; } = new() { ["DOTNET_GCHeapHardLimit"] = "0x2000000" };

    internal ToolAnswer Import { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Database = await TestServer.CreateEmptyDatabaseAsync();
        Settings["ConnectionStrings__Portal"] = Database;
        var ada = new { email = "ada@example.com", passwordHash = BroughtHashes.BetterAuth[BroughtHashes.Umlaut] };
        var lines = new StringBuilder(JsonSerializer.Serialize(ada)).Append("\n{\n");
        var image = "https://pictures.example/" + new string('y', 900);
        for (var i = 1; i < Count; i++)
            lines.Append(JsonSerializer.Serialize(new { email = $"{i}@many.example", image })).Append('\n');
        Import = await Tools.ProcessAsync("users import -", lines.ToString(), Settings);
    }

    public Task DisposeAsync() => TestServer.DropDatabaseAsync(Database);
}
