using System.Net;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AuthPortal.Tests.Tokens;

/// <summary>What was ended stays ended: here at once, in every other instance within two seconds.</summary>
public sealed class RevocationTests(PortalOfAda portal) : IClassFixture<PortalOfAda>
{
    private const string SignOut = "/api/auth/sign-out";
    private const string Everywhere = "/api/auth/revoke-sessions";

    private readonly HttpClient _http = portal.Stranger();

    [Fact]
    public async Task Signing_out_refuses_every_copy_of_the_sessions_tokens_at_once()
    {
        var signIn = await _http.SignInAsync(portal.Ada.Email);
        var (cookies, token) = (SessionCookies.Of(signIn), await signIn.TextAsync("token"));

        Assert.Equal(HttpStatusCode.OK, (await _http.PostAsync(SignOut, cookies, new { })).StatusCode);

        await AssertEndedAsync(cookies);
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(token));
        var refresh = signIn.Header("set-auth-token")!;
        Assert.Equal(HttpStatusCode.Unauthorized, (await _http.GetAsync("/api/auth/token", refresh)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, await MeAsync(portal.Ada.AccessToken)); // another device
    }

    [Fact]
    public async Task Signing_out_works_with_the_refresh_cookie_alone()
    {
        var cookies = await portal.SignInAgainAsync(portal.Ada);

        await _http.PostAsync(SignOut, cookies with { Access = null });

        await AssertEndedAsync(cookies);
    }

    [Fact]
    public async Task Signing_out_of_an_ageing_session_ends_what_its_own_renewal_made()
    {
        var old = await portal.SignInAgainAsync(portal.Ada);
        var cookies = old.After(await _http.GetAsync("/api/me", old with { Access = null }));

        var response = await _http.PostAsync(SignOut, old with { Access = "x.y.z" });

        Assert.Equal(new SessionCookies("", ""), SessionCookies.Of(response));
        await AssertEndedAsync(cookies);
    }

    [Fact]
    public async Task Signing_out_without_a_session_is_fine()
    {
        SessionCookies[] nothing =
            [new(null, null), new("", ""), new("x", "y"), new(portal.Ada.RefreshToken, portal.Ada.AccessToken)];
        foreach (var cookies in nothing)
        {
            var response = await _http.PostAsync(SignOut, cookies);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("""{"success":true}""", await response.Content.ReadAsStringAsync());
            Assert.Equal(new SessionCookies("", ""), SessionCookies.Of(response));
        }
    }

    [Fact]
    public async Task Signing_out_twice_is_written_once_whichever_instance_is_asked()
    {
        var cookies = await portal.SignInAgainAsync(portal.Ada);
        var sid = Guid.Parse(Forge.Read(cookies.Access!)["sid"]!.GetValue<string>());
        var unaware = portal.Sibling(sibling => sibling.Settings["Revocations:PollEvery"] = "01:00:00").Stranger();
        await unaware.GetAsync("/api/auth/ok");

        await _http.PostAsync(SignOut, cookies);
        await _http.PostAsync(SignOut, cookies);
        var third = await unaware.PostAsync(SignOut, cookies);

        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
        Assert.Equal(1, await portal.ScalarAsync<long>("select count(*) from revocations where sid = @sid", new { sid }));
        Assert.Equal(1, await portal.ScalarAsync<long>(
            "select count(*) from audit_events join audit_details using (seq) where type = 'sign-out' and sid = @sid",
            new { sid }));
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_every_device_and_nobody_elses_and_a_new_sign_in_works()
    {
        var person = await portal.NewPersonAsync();
        var (phone, laptop) = (await portal.SignInAgainAsync(person), await portal.SignInAgainAsync(person));

        var response = await _http.PostAsync(Everywhere, laptop, new { });

        Assert.Equal("""{"status":true}""", await response.Content.ReadAsStringAsync());
        await AssertEndedAsync(laptop);
        await AssertEndedAsync(phone);
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(person.AccessToken));
        Assert.Equal(HttpStatusCode.OK, await MeAsync(portal.Ada.AccessToken));
        var again = await portal.SignInAgainAsync(person);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/api/me", again)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/api/me", again with { Access = null })).StatusCode);
    }

    [Fact]
    public async Task An_ended_session_changes_nothing_any_more_even_before_an_instance_heard_of_it()
    {
        var person = await portal.NewPersonAsync("Before");
        await portal.ExecuteAsync(
            "update users set session_version = session_version + 1 where id = @Id", new { person.Id });

        var update = await _http.SendAsync(
            HttpMethod.Post, "/api/auth/update-user", person.AccessToken, new { name = "After" });
        var everywhere = await _http.SendAsync(HttpMethod.Post, Everywhere, person.AccessToken);

        Assert.Equal(HttpStatusCode.Unauthorized, update.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, everywhere.StatusCode);
        Assert.Equal("Before", await portal.ScalarAsync<string>("select name from users where id = @Id", new { person.Id }));
    }

    [Fact]
    public async Task Another_instance_refuses_within_two_seconds()
    {
        var (one, all) = (await portal.NewPersonAsync(), await portal.NewPersonAsync());
        await using var other = portal.Sibling(sibling => sibling.Clock = new FakeTimeProvider(DateTimeOffset.UtcNow));
        var elsewhere = other.Stranger();
        Assert.Equal(HttpStatusCode.OK, (await elsewhere.GetAsync("/api/me", one.AccessToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await elsewhere.GetAsync("/api/me", all.AccessToken)).StatusCode);

        await _http.SendAsync(HttpMethod.Post, SignOut, one.AccessToken);
        await _http.SendAsync(HttpMethod.Post, Everywhere, all.AccessToken);

        await other.AdvanceAsync(TimeSpan.FromSeconds(2)); // by its own clock
        foreach (var token in (string[])[one.AccessToken, all.AccessToken])
            Assert.Equal(HttpStatusCode.Unauthorized, (await elsewhere.GetAsync("/api/me", token)).StatusCode);

        var refresh = await elsewhere.GetAsync("/api/auth/token", one.RefreshToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refresh.StatusCode);
    }

    [Fact]
    public async Task A_new_instance_knows_what_ended_before_it_started()
    {
        var person = await portal.NewPersonAsync();
        await _http.SendAsync(HttpMethod.Post, SignOut, person.AccessToken);

        var late = portal.Sibling(sibling => sibling.Settings["Revocations:PollEvery"] = "01:00:00").Stranger();

        Assert.Equal(HttpStatusCode.Unauthorized, (await late.GetAsync("/api/me", person.AccessToken)).StatusCode);
    }

    private async Task<HttpStatusCode> MeAsync(string token) => (await _http.GetAsync("/api/me", token)).StatusCode;

    private async Task AssertEndedAsync(SessionCookies cookies)
    {
        foreach (var held in (SessionCookies[])[cookies, cookies with { Access = null }, cookies with { Refresh = null }])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await _http.GetAsync("/api/me", held)).StatusCode);
            Assert.Equal(HttpStatusCode.Redirect, (await _http.GetAsync("/account", held)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(cookies.Access!));
    }
}
