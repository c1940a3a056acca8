using System.Net;
using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Drills;

/// <summary>Two instances, and the clock of one goes wrong: a little, too much, and in leaps while it runs.</summary>
[Collection(DrillsInTurn.Name), Trait("Category", "Drill")]
public sealed class SkewClocks(ITestOutputHelper output)
{
    private readonly string _email = Api.NewEmail();
    private Drill _drill = null!;
    private HttpClient _right = null!;
    private HttpClient _astray = null!;

    private sealed record Session(string Access, string Refresh);

    [DrillFact(FakeClock.Library, FakeClock.Package)]
    public async Task What_comes_from_the_future_is_refused_and_kept_and_health_names_the_skew()
    {
        await using var server = await PrivateServer.StartAsync();
        await using var drill = _drill = Drill.Begin(
            output, nameof(SkewClocks), "two portals, the clock of one 20 s and 90 s ahead, then 2 h ahead and 10 min behind");
        using var clock = new FakeClock(TimeSpan.Zero);
        var url = $"http://localhost:{LoopbackPort.TakeForGood()}";
        var right = await drill.StartPortalAsync(server.ConnectionString, new() { ["Portal__PublicUrl"] = url });
        var astray = await drill.StartPortalAsync(
            server.ConnectionString, new(clock.Settings) { ["Portal__PublicUrl"] = url });
        (_right, _astray) = (NewClient(right), NewClient(astray));
        await PostAsync(_right, "sign-up/email", new { name = "Ada", email = _email, password = Api.Password });

        var early = await ApartAsync(clock, TimeSpan.FromSeconds(20), "Healthy");
        await AcceptsAsync(_right, early, "made 20 s ahead, at the other");
        await AcceptsAsync(_astray, await SignInAsync(_right), "made by the right clock, at the one 20 s ahead");

        var future = await ApartAsync(clock, TimeSpan.FromSeconds(90), "Degraded: this machine's clock is 9");
        await RefusesAsync(_right, future, "made 90 s ahead, at the other");
        await KeepsCookiesAsync(future);
        await AcceptsAsync(_astray, await SignInAsync(_right), "made by the right clock, at the one 90 s ahead");

        var twoHours = await ApartAsync(clock, TimeSpan.FromHours(2), "Degraded: this machine's clock is 7");
        await RefusesAccessAsync(_astray, early, "made before the leap of two hours, where it leapt");
        var renewed = await RenewAsync(_astray, early);
        await AcceptsAsync(_astray, twoHours, "made after the leap, where it leapt");
        await AcceptsAsync(_astray, renewed, "renewed after the leap, where it leapt");

        var behind = await ApartAsync(clock, TimeSpan.FromMinutes(-10), "Degraded: this machine's clock is ");
        await RefusesAsync(_astray, twoHours, "made two hours ahead, at the one now 10 min behind");
        await RefusesAsync(_astray, await SignInAsync(_right), "made by the right clock, at the one 10 min behind");
        await AcceptsAsync(_astray, behind, "made after the leap back, where it leapt");
        await AcceptsAsync(_right, behind, "made 10 min behind, at the other");

        var mended = await ApartAsync(clock, TimeSpan.Zero, "Healthy");
        await AcceptsAsync(_right, mended, "made by the mended clock, at the other");
        await Task.Delay(TimeSpan.FromSeconds(1));
        drill.Line("health in the log", $"{astray.Said.Split('\n').Count(line => line.Contains("Health: clock is Degraded", StringComparison.Ordinal))} lines");
        drill.Line("portals that ended", $"{(astray.HasExited || right.HasExited ? "one" : "none")}");
        Assert.False(astray.HasExited || right.HasExited);
        Assert.DoesNotContain("fail:", astray.Said, StringComparison.Ordinal);
    }

    /// <summary>Sets the clock while the portal runs, and has somebody sign in by it.</summary>
    private async Task<Session> ApartAsync(FakeClock clock, TimeSpan ahead, string health)
    {
        clock.Set(ahead);
        _drill.Say($"FAULT: the clock of one portal is {ahead:c} ahead");
        var said = (await (await _astray.GetAsync("/healthz/ready")).JsonAsync())["checks"]!["clock"]!.GetValue<string>();
        _drill.Say($"its health: {said}");
        Assert.StartsWith(health, said, StringComparison.Ordinal);
        return await SignInAsync(_astray);
    }

    private async Task<Session> SignInAsync(HttpClient http)
    {
        var answer = await PostAsync(http, "sign-in/email", new { email = _email, password = Api.Password });
        return new(await answer.TextAsync("token"), answer.Header("set-auth-token")!);
    }

    private static async Task<Session> RenewAsync(HttpClient http, Session session)
    {
        var answer = await PostAsync(http, "refresh", new { refreshToken = session.Refresh });
        return new(await answer.TextAsync("token"), await answer.TextAsync("refreshToken"));
    }

    private async Task AcceptsAsync(HttpClient http, Session session, string what)
    {
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/me", session.Access)).StatusCode);
        await RenewAsync(http, session);
        _drill.Say($"accepted: {what}");
    }

    private async Task RefusesAsync(HttpClient http, Session session, string what)
    {
        await RefusesAccessAsync(http, session, what);
        var renewal = await http.SendAsync(
            HttpMethod.Post, "/api/auth/refresh", null, new { refreshToken = session.Refresh });
        Assert.Equal(HttpStatusCode.Unauthorized, renewal.StatusCode);
    }

    private async Task RefusesAccessAsync(HttpClient http, Session session, string what)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/me", session.Access)).StatusCode);
        _drill.Say($"refused: {what}");
    }

    private async Task KeepsCookiesAsync(Session session)
    {
        foreach (var cookies in (string[])
            [$"authportal.access={session.Access}; authportal.refresh={session.Refresh}", $"authportal.refresh={session.Refresh}"])
        {
            foreach (var path in (string[])["/account", "/sign-in", "/api/me", "/api/auth/get-session"])
            {
                using var request = Visit.Request(HttpMethod.Get, path, ("Cookie", cookies));
                var answer = await _right.SendAsync(request);
                Assert.DoesNotContain("authportal.access", answer.Header("Set-Cookie") ?? "", StringComparison.Ordinal);
                Assert.DoesNotContain("authportal.refresh", answer.Header("Set-Cookie") ?? "", StringComparison.Ordinal);
            }
        }

        _drill.Say("the refused cookies were left where they are");
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient http, string path, object body) =>
        (await http.SendAsync(HttpMethod.Post, $"/api/auth/{path}", null, body)).EnsureSuccessStatusCode();

    private static HttpClient NewClient(PortalProcess portal) =>
        new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(portal.Url) };
}
