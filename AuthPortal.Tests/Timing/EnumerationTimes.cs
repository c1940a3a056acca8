using System.Diagnostics;
using System.Net.Http.Json;
using AuthPortal.Tests.Support;
using Npgsql;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Timing;

/// <summary>
/// Whether the time of an answer tells who has an account: a portal as in production, with a mail server, is asked of
/// people that it knows and does not know, in turn. Prints, and asserts nothing: <c>make timing</c>.
/// </summary>
[Trait("Category", "Timing")]
public sealed class EnumerationTimes(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Tries = 300;
    private const int WarmUp = 20;
    private const string Unverified = "unverified";
    private const string Verified = "verified";

    private readonly SmtpSink _sink = SmtpSink.Start();
    private string _database = "";
    private PortalProcess? _portal;
    private HttpClient? _client;

    private HttpClient Http => _client!;

    public async Task InitializeAsync()
    {
        _database = await TestServer.CreateDatabaseAsync();
        var settings = _sink.Settings("__");
        settings["Accounts__RequireVerifiedEmail"] = "true";
        settings["Throttling__CountLoopback"] = "false"; // else what is timed is the answer to too many
        _portal = await PortalProcess.StartAndWaitAsync(_database, settings);
        _client = _portal.Client();
        await RegisterAsync();
    }

    public async Task DisposeAsync()
    {
        _client?.Dispose();
        await _portal!.DisposeAsync();
        await _sink.DisposeAsync();
        await TestServer.DropDatabaseAsync(_database);
    }

    [Fact]
    public async Task Print()
    {
        output.WriteLine("| asked | known | unknown | medians apart | AUC | tells |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- |");
        await CompareAsync("sign-in, wrong password", Verified, email =>
            Http.PostAsJsonAsync("/api/auth/sign-in/email", new { email, password = "wrong horse battery" }));
        await CompareAsync("sign-in, address unconfirmed", Unverified, email =>
            Http.PostAsJsonAsync("/api/auth/sign-in/email", new { email, password = "wrong horse battery" }));
        await CompareAsync("forgotten password", Verified, email =>
            Http.PostAsJsonAsync("/api/auth/request-password-reset", new { email }));
        await CompareAsync("resend the confirmation", Unverified, email =>
            Http.PostAsJsonAsync("/api/auth/send-verification-email", new { email }));
        await CompareAsync("sign-up", Verified, email =>
            Http.PostAsJsonAsync(
                "/api/auth/sign-up/email", new { name = "Ada", email, password = "correct horse battery" }));
    }

    /// <summary>Everybody is asked about once: a stranger who goes through a list does no more.</summary>
    private async Task CompareAsync(string name, string kind, Func<string, Task<HttpResponseMessage>> ask)
    {
        List<double> known = [], unknown = [];
        var statuses = new HashSet<System.Net.HttpStatusCode>();
        for (var i = 0; i < WarmUp + Tries; i++)
        {
            // Which of the two goes first is left to chance, so that what one leaves behind to do burdens both alike.
            var isKnownFirst = Random.Shared.Next(2) == 0;
            await AskAsync(isKnownFirst, i);
            await AskAsync(!isKnownFirst, i);
        }

        Assert.Single(statuses);
        output.WriteLine(new Comparison(known, unknown).Row(name));

        async Task AskAsync(bool isKnown, int number)
        {
            var email = isKnown ? $"{kind}-{number}@example.com" : $"{Guid.NewGuid():N}@example.com";
            var started = Stopwatch.GetTimestamp();
            using var response = await ask(email);
            var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            statuses.Add(response.StatusCode);
            if (number >= WarmUp)
                (isKnown ? known : unknown).Add(took);
        }
    }

    /// <summary>So many people of each kind, all with the password that the first one chose.</summary>
    private async Task RegisterAsync()
    {
        await Http.PostAsJsonAsync(
            "/api/auth/sign-up/email",
            new { name = "Ada", email = "first@example.com", password = "correct horse battery" });
        await using var source = NpgsqlDataSource.Create(_database);
        await using var command = source.CreateCommand(
            """
            insert into users
                (id, email, email_canonical, name, password_hash, email_verified_at, created_at, updated_at)
            select gen_random_uuid(), address, address, 'Ada', first.password_hash,
                case when kind = 'verified' then now() end, now(), now()
            from users first, unnest(array['verified', 'unverified']) kind, generate_series(0, @last) number,
                lateral (select format('%s-%s@example.com', kind, number) as address) chosen
            where first.email_canonical = 'first@example.com'
            """);
        command.Parameters.Add(new NpgsqlParameter("last", WarmUp + Tries));
        Assert.Equal(2 * (WarmUp + Tries + 1), await command.ExecuteNonQueryAsync());
    }
}
