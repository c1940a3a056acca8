using System.Diagnostics;
using System.Net;
using AuthPortal.Features;
using AuthPortal.Mail;
using AuthPortal.Passwords;
using AuthPortal.Tests.Features;
using AuthPortal.Tests.SecondFactor;
using AuthPortal.Tests.Support;
using AuthPortal.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthPortal.Tests.Web;

/// <summary>Each of our metrics moves when the thing happens, by what happened, and for nothing else.</summary>
public sealed class MetricsTests(PatientPortal portal) : IClassFixture<PatientPortal>
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_sign_in_by_password_is_counted_by_what_came_of_it()
    {
        var ada = await portal.NewPersonAsync();
        using var seen = new Readings(portal.Services);
        var http = portal.Stranger();

        await http.SignInAsync(ada.Email);
        Assert.Equal([1], SignIns(seen, "method=password outcome=ok"));

        await http.SignInAsync(ada.Email, "not her password");
        await http.SignInAsync(Api.NewEmail());
        Assert.Equal([1, 1], SignIns(seen, "method=password outcome=wrong"));

        await portal.ExecuteAsync("update users set disabled_at = now() where id = @Id", new { ada.Id });
        await http.SignInAsync(ada.Email);
        Assert.Equal([1], SignIns(seen, "method=password outcome=disabled"));
        Assert.Equal([1], SignIns(seen, "method=password outcome=ok"));
    }

    [Fact]
    public async Task One_that_lacks_the_confirmed_address_is_counted_as_such()
    {
        var strict = portal.Sibling(other => other.Settings["Accounts:RequireVerifiedEmail"] = "true");
        var (http, email) = (strict.Stranger(), Api.NewEmail());
        await http.SignUpAsync(email);
        using var seen = new Readings(strict.Services);

        await http.SignInAsync(email);

        Assert.Equal([1], SignIns(seen, "method=password outcome=unverified"));
    }

    [Fact]
    public async Task One_that_finds_no_room_is_counted_as_such_and_as_shed()
    {
        var ada = await portal.NewPersonAsync();
        using var seen = new Readings(portal.Services);
        using var release = new ManualResetEventSlim();
        var queue = portal.Services.GetRequiredService<HashingQueue>();
        using var begun = new CountdownEvent(Environment.ProcessorCount);
        var others = Enumerable.Range(0, begun.InitialCount).Select(_ => (Task)queue.RunAsync(
            () =>
            {
                begun.Signal();
                return release.Wait(TimeSpan.FromMinutes(1));
            },
            default,
            default)).ToList();
        begun.Wait(TimeSpan.FromMinutes(1)); // or a thread would take its first when the line is full, and leave a place
        for (var isFull = false; !isFull;)
        {
            var work = queue.RunAsync(() => release.Wait(TimeSpan.FromMinutes(1)), default, default);
            isFull = work.IsCompleted;
            others.Add(work);
        }

        Assert.Equal(1, Assert.Single(seen.Of(HashingMeter.ShedCounter)));
        Assert.InRange(seen.Of(HashingMeter.WaitingGauge)[^1], 1, others.Count - begun.InitialCount - 1);
        var response = await portal.Stranger().SignInAsync(ada.Email);

        release.Set();
        await Task.WhenAll(others);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal([1], SignIns(seen, "method=password outcome=busy"));
        Assert.Equal([1, 1], seen.Of(HashingMeter.ShedCounter));
        Assert.Equal(0, seen.Of(HashingMeter.WaitingGauge)[^1]);
    }

    [Fact]
    public async Task How_long_a_thread_was_busy_with_a_password_is_measured_in_seconds()
    {
        var ada = await portal.NewPersonAsync();
        using var seen = new Readings(portal.Services);

        var started = Stopwatch.GetTimestamp();
        await portal.Stranger().SignInAsync(ada.Email);

        var whole = Stopwatch.GetElapsedTime(started).TotalSeconds; // in milliseconds it would hardly be less than this
        Assert.InRange(Assert.Single(seen.Of(HashingMeter.DurationHistogram)), double.Epsilon, whole);
    }

    [Fact]
    public async Task The_second_step_of_a_sign_in_is_counted_and_so_is_every_try_at_it()
    {
        var ada = await portal.NewEnrolledAsync();
        using var seen = new Readings(portal.Services);
        var http = portal.Program();

        await http.SignInAsync(ada.Person.Email);
        Assert.Equal([1], SignIns(seen, "method=password outcome=second-factor-asked"));

        portal.Time.Advance(2 * Step);
        await http.TwoFactorAsync("verify-totp", new { code = ada.CodeAt(portal.Time.GetUtcNow()) });
        Assert.Equal([1], Tries(seen, "method=totp outcome=ok"));
        Assert.Equal([1], SignIns(seen, "method=password+totp outcome=ok"));

        await http.SignInAsync(ada.Person.Email);
        await http.TwoFactorAsync("verify-backup-code", new { code = ada.RecoveryCodes[0] });
        Assert.Equal([1], Tries(seen, "method=recovery-code outcome=ok"));
        Assert.Equal([1], SignIns(seen, "method=password+recovery-code outcome=ok"));

        await http.SignInAsync(ada.Person.Email);
        for (var tries = 1; tries <= 6; tries++)
            await http.TwoFactorAsync("verify-backup-code", new { code = "wrong-wrong" });
        Assert.Equal([1, 1, 1, 1, 1], Tries(seen, "method=recovery-code outcome=wrong"));
        Assert.Equal([1], Tries(seen, "method=recovery-code outcome=throttled"));
    }

    [Fact]
    public async Task A_sign_in_by_passkey_is_counted_by_what_came_of_it()
    {
        var (hers, nobodys) = (new SoftwareAuthenticator(), new SoftwareAuthenticator());
        var ada = await portal.NewPersonAsync();
        (await ada.Http.RegisterAsync(hers)).EnsureSuccessStatusCode();
        using var seen = new Readings(portal.Services);

        await portal.Program().SignInByPasskeyAsync(hers);
        await portal.Program().SignInByPasskeyAsync(nobodys);

        Assert.Equal([1], SignIns(seen, "method=passkey outcome=ok"));
        Assert.Equal([1], SignIns(seen, "method=passkey outcome=wrong"));
    }

    [Fact]
    public async Task A_session_that_somebody_proves_anew_is_no_sign_in()
    {
        var browser = portal.Browser();
        await browser.SignUpAsync();
        portal.Time.Advance(TimeSpan.FromMinutes(11));
        await browser.OpenAsync("/step-up?max_age=0");
        using var seen = new Readings(portal.Services);

        await browser.SubmitAsync("Continue", ("Password", Api.Password));

        Assert.Equal(HttpStatusCode.OK, browser.Status);
        Assert.Empty(SignIns(seen, "method=password outcome=ok"));
    }

    [Fact]
    public async Task A_passkey_that_does_not_prove_a_session_anew_is_no_failed_sign_in()
    {
        var ada = await portal.NewPersonAsync();
        using var seen = new Readings(portal.Services);

        await ada.Http.SignInByPasskeyAsync(new SoftwareAuthenticator());
        Assert.Empty(SignIns(seen, "method=passkey outcome=wrong"));

        await portal.Program().SignInByPasskeyAsync(new SoftwareAuthenticator());
        Assert.Equal([1], SignIns(seen, "method=passkey outcome=wrong"));
    }

    [Fact]
    public async Task Renewals_and_the_early_ends_of_sessions_are_counted()
    {
        var ada = await portal.NewPersonAsync();
        using var seen = new Readings(portal.Services);
        var http = portal.Stranger();

        await RefreshAsync(ada.RefreshToken);
        Assert.Equal([1], seen.Of(SessionMeter.RenewalCounter, "outcome=ok"));

        await http.SendAsync(HttpMethod.Post, "/api/auth/sign-out", ada.AccessToken);
        Assert.Equal([1], seen.Of(SessionMeter.RevocationCounter, "kind=session"));
        await http.SendAsync(HttpMethod.Post, "/api/auth/sign-out", ada.AccessToken);
        Assert.Equal([1], seen.Of(SessionMeter.RevocationCounter, "kind=session"));

        await RefreshAsync(ada.RefreshToken);
        Assert.Equal([1], seen.Of(SessionMeter.RenewalCounter, "outcome=refused"));
        await RefreshAsync("no token at all");
        Assert.Equal([1], seen.Of(SessionMeter.RenewalCounter, "outcome=unreadable"));

        var again = await (await http.SignInAsync(ada.Email)).TextAsync("token");
        await http.SendAsync(HttpMethod.Post, "/api/auth/revoke-sessions", again);
        Assert.Equal([1], seen.Of(SessionMeter.RevocationCounter, "kind=user"));

        Task RefreshAsync(string refreshToken) => http.PostAsync("/api/auth/refresh", new { refreshToken });
    }

    [Fact]
    public async Task Mail_that_waits_for_its_server_is_counted()
    {
        portal.Stranger().Dispose();
        using var seen = new Readings(portal.Services);

        await portal.WriteAsync("ada@example.com");

        await portal.SettledAsync();
        var waiting = await portal.ScalarAsync<long>("select count(*) from outbox");
        Assert.NotEqual(0, waiting);
        Assert.Equal(waiting, seen.Of(MailMeter.WaitingGauge)[^1]);
    }

    private static IReadOnlyList<double> SignIns(Readings seen, string labels) =>
        seen.Of(SessionMeter.SignInCounter, labels);

    private static IReadOnlyList<double> Tries(Readings seen, string labels) =>
        seen.Of(SecondFactorMeter.TryCounter, labels);
}
