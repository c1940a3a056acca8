using System.Net;
using AuthPortal.Tests.SecondFactor;
using AuthPortal.Tests.Support;
using AuthPortal.Tokens;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>
/// Guessing passwords: what strangers may try together, and that none of it keeps the owner out (ASVS 6.3.1).
/// </summary>
public sealed class PasswordGuessTests(AddressedPortal portal) : IClassFixture<AddressedPortal>
{
    private const int Budget = 10;
    private const string NewPassword = "staple battery horse";

    private static int _addresses;

    [Fact]
    public async Task Strangers_share_ten_tries_however_many_they_are_and_then_wait()
    {
        var ada = await portal.NewPersonAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => GuessAsync(ada.Email)));

        Assert.Equal(Budget, answers.Count(a => a.StatusCode == HttpStatusCode.Unauthorized));
        Assert.Equal(60 - Budget, answers.Count(a => a.StatusCode == HttpStatusCode.TooManyRequests));
        Assert.Equal(Budget, await JudgedAsync(ada));
        var refused = await GuessAsync(ada.Email);
        Assert.Equal("TOO_MANY_REQUESTS", await refused.TextAsync("code"));
        Assert.Equal("600", refused.Header("Retry-After"));

        portal.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(HttpStatusCode.Unauthorized, (await GuessAsync(ada.Email)).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await GuessAsync(ada.Email)).StatusCode);
    }

    [Fact]
    public async Task Two_portals_let_through_no_more_than_one()
    {
        var ada = await portal.NewPersonAsync();
        var sibling = portal.Sibling().Stranger();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(
            n => n % 2 == 0 ? GuessAsync(ada.Email) : sibling.SignInAsync(ada.Email, "wrong password")));

        Assert.Equal(Budget, answers.Count(a => a.StatusCode == HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task Whether_there_is_an_account_makes_no_difference()
    {
        var (ada, nobody) = (await portal.NewPersonAsync(), Api.NewEmail());
        var spellings = new[] { nobody, nobody.ToUpperInvariant(), $" {nobody} " };

        for (var n = 0; n < Budget; n++)
        {
            await GuessAsync(ada.Email);
            await GuessAsync(spellings[n % 3]);
        }

        var (known, unknown) = (await GuessAsync(ada.Email), await GuessAsync(nobody));
        Assert.Equal(HttpStatusCode.TooManyRequests, unknown.StatusCode);
        Assert.Equal(await known.Content.ReadAsStringAsync(), await unknown.Content.ReadAsStringAsync());
        Assert.Equal(known.Header("Retry-After"), unknown.Header("Retry-After"));
    }

    [Fact]
    public async Task The_owner_signs_in_where_they_did_before_and_elsewhere_by_a_new_password()
    {
        var ada = await portal.NewPersonAsync();
        await ExhaustAsync(ada);

        Assert.Equal(HttpStatusCode.OK, (await ada.Http.SignInAsync(ada.Email)).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.From(NewAddress()).SignInAsync(ada.Email)).StatusCode);

        var elsewhere = portal.BrowserAt(NewAddress());
        await elsewhere.OpenAsync("/sign-in");
        await elsewhere.SignInAsync(ada.Email, Api.Password);
        Assert.Equal(HttpStatusCode.TooManyRequests, elsewhere.Status);
        Assert.Equal(
            "Too many wrong passwords were given for this account. Please wait 10 minutes, or choose a new password "
                + "with \"Forgot your password?\": then you can sign in at once.",
            elsewhere.Summary);
        await elsewhere.FollowAsync("Forgot your password?");
        await elsewhere.SubmitAsync("Send the link", ("Email", ada.Email));
        await elsewhere.OpenAsync(await LinkAsync(ada));
        await elsewhere.SubmitAsync("Set password", ("New password", NewPassword));
        await elsewhere.FollowAsync("Sign in");
        await elsewhere.SignInAsync(ada.Email, NewPassword);
        Assert.Equal("/account", elsewhere.Url.AbsolutePath);
    }

    [Fact]
    public async Task A_right_password_costs_nothing()
    {
        var ada = await portal.NewPersonAsync();

        for (var n = 0; n < 3 * Budget; n++)
        {
            Assert.Equal(HttpStatusCode.OK, (await portal.From(NewAddress()).SignInAsync(ada.Email)).StatusCode);
            await portal.SettledAsync(); // what it took goes back once its answer is out
        }
    }

    [Fact]
    public async Task A_right_one_gives_nobody_else_their_tries_back()
    {
        var ada = await portal.NewPersonAsync();
        for (var n = 0; n < Budget - 1; n++)
            await GuessAsync(ada.Email);

        (await portal.From(NewAddress()).SignInAsync(ada.Email)).EnsureSuccessStatusCode();

        await portal.SettledAsync(); // its own try has gone back by now
        Assert.Equal(HttpStatusCode.Unauthorized, (await GuessAsync(ada.Email)).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await GuessAsync(ada.Email)).StatusCode);
    }

    [Fact]
    public async Task Of_a_disabled_account_the_right_one_is_counted_like_a_wrong_one()
    {
        var ada = await portal.NewPersonAsync();
        await portal.ExecuteAsync("update users set disabled_at = now() where id = @Id", new { ada.Id });

        for (var n = 0; n < Budget; n++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await portal.From(NewAddress()).SignInAsync(ada.Email)).StatusCode);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.From(NewAddress()).SignInAsync(ada.Email)).StatusCode);
    }

    [Fact]
    public async Task A_known_device_has_a_budget_of_its_own_and_no_more()
    {
        var ada = await portal.NewPersonAsync();
        var second = portal.Program();
        (await second.SignInAsync(ada.Email)).EnsureSuccessStatusCode();

        for (var n = 0; n < Budget; n++)
            await ada.Http.SignInAsync(ada.Email, "wrong password");

        Assert.Equal(HttpStatusCode.TooManyRequests, (await ada.Http.SignInAsync(ada.Email)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await second.SignInAsync(ada.Email)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GuessAsync(ada.Email)).StatusCode);
    }

    [Fact]
    public async Task A_device_is_known_to_its_own_accounts_alone_and_only_by_our_signature()
    {
        var (ada, bob) = (await portal.NewPersonAsync(), await portal.NewPersonAsync("Bob"));
        await ExhaustAsync(ada);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await bob.Http.SignInAsync(ada.Email)).StatusCode);

        var mine = Value((await ada.Http.SignInAsync(ada.Email)).Cookie("known"));
        Assert.Equal(HttpStatusCode.OK, (await WithAsync(mine, ada)).StatusCode);
        foreach (var forged in (string[])[mine[..^4], $"{mine}=", "x", "", mine.Split('.')[1]])
            Assert.Equal(HttpStatusCode.TooManyRequests, (await WithAsync(forged, ada)).StatusCode);
    }

    [Fact]
    public async Task A_browser_that_several_people_use_is_known_to_each_of_them()
    {
        var people = new[] { await portal.NewPersonAsync(), await portal.NewPersonAsync(), await portal.NewPersonAsync() };
        var browser = portal.Program();
        foreach (var person in people)
            (await browser.SignInAsync(person.Email)).EnsureSuccessStatusCode();

        foreach (var person in people)
        {
            await ExhaustAsync(person);
            Assert.Equal(HttpStatusCode.OK, (await browser.SignInAsync(person.Email)).StatusCode);
        }
    }

    [Fact]
    public async Task Signing_out_everywhere_disowns_every_device_and_signing_out_of_one_does_not()
    {
        var ada = await portal.NewPersonAsync();
        var second = portal.Program();
        (await second.SignInAsync(ada.Email)).EnsureSuccessStatusCode();
        await ExhaustAsync(ada);

        await second.PostAsync("/api/auth/sign-out", new { });
        Assert.Equal(HttpStatusCode.OK, (await second.SignInAsync(ada.Email)).StatusCode);

        await ada.Http.PostAsync("/api/auth/revoke-sessions", new { });
        Assert.Equal(HttpStatusCode.TooManyRequests, (await second.SignInAsync(ada.Email)).StatusCode);
    }

    [Fact]
    public async Task A_session_guesses_on_a_budget_of_its_own()
    {
        var ada = await portal.NewPersonAsync();
        async Task<HttpStatusCode> VerifyAsync(string password) =>
            (await ada.Http.PostAsync("/api/auth/verify-password", new { password })).StatusCode;
        await ExhaustAsync(ada);
        Assert.Equal(HttpStatusCode.OK, await VerifyAsync(Api.Password));

        for (var n = 0; n < 3 * Budget; n++)
            await VerifyAsync("wrong password");

        Assert.Equal(HttpStatusCode.TooManyRequests, await VerifyAsync(Api.Password));
        Assert.Equal(Budget, await portal.ScalarAsync<int>(
            """
            select count(*)::int from audit_events join audit_details using (seq)
             where user_id = @Id and type = 'password-refused'
            """,
            new { ada.Id }));
    }

    [Fact]
    public async Task The_owner_hears_of_it_once_a_day_and_reads_it_under_activity()
    {
        var ada = await portal.NewPersonAsync();
        var before = (await portal.MailToAsync(ada.Email)).Count;
        await ExhaustAsync(ada);
        await ExhaustAsync(ada);

        await portal.SettledAsync();
        Assert.Equal(before + 1, (await portal.MailToAsync(ada.Email)).Count);
        Assert.Equal("Somebody is guessing your password", (await portal.MailToAsync(ada.Email))[^1].Subject);
        await ExhaustAsync(ada);
        await portal.SettledAsync();
        Assert.Equal(before + 1, (await portal.MailToAsync(ada.Email)).Count);
        var page = await (await ada.Http.GetAsync("/account/activity")).Content.ReadAsStringAsync();
        Assert.Contains("So many wrong passwords were given", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Setting_a_password_by_mail_takes_nothing_from_a_device_that_is_signed_in_to_the_account()
    {
        var ada = await portal.NewPersonAsync();
        var context = new DefaultHttpContext();
        context.Request.Headers.Cookie = (await ada.Http.SignInAsync(ada.Email)).Cookie("known")!.Split(';')[0];
        var user = await portal.ReadAsync(ada);

        await portal.WithAsync<KnownDevices, bool>(async devices =>
        {
            await devices.RememberResetAsync(context, user);
            return true;
        });

        Assert.Equal(0, context.Response.Headers.SetCookie.Count);
    }

    private async Task ExhaustAsync(Person person)
    {
        for (var n = 0; n <= Budget; n++)
            await GuessAsync(person.Email);
    }

    private Task<HttpResponseMessage> GuessAsync(string email) =>
        portal.From(NewAddress()).SignInAsync(email, "wrong password");

    private Task<HttpResponseMessage> WithAsync(string known, Person person)
    {
        var http = portal.From(NewAddress());
        http.DefaultRequestHeaders.Add("Cookie", $"__Host-authportal.known={known}");
        return http.SignInAsync(person.Email);
    }

    private async Task<string> LinkAsync(Person person) =>
        (await portal.MailToAsync(person.Email)).Last(mail => mail.Subject == "Choose a new password").Link;

    private Task<int> JudgedAsync(Person person) => portal.ScalarAsync<int>(
        """
        select count(*)::int from audit_events join audit_details using (seq)
         where user_id = @Id and type = 'sign-in-failed'
        """,
        new { person.Id });

    private static string Value(string? cookie) => cookie![(cookie!.IndexOf('=') + 1)..].Split(';')[0];

    /// <summary>Each from a block of its own.</summary>
    private static string NewAddress()
    {
        var n = Interlocked.Increment(ref _addresses);
        return $"10.{n / 250}.{n % 250}.7";
    }
}
