using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>Where an address must be confirmed before its account can be used.</summary>
public sealed class EmailVerificationTests(VerifyingPortal portal) : IClassFixture<VerifyingPortal>
{
    private const string NewPassword = "staple battery horse";

    [Fact]
    public async Task Who_signs_up_confirms_in_the_same_browser_and_signs_in_with_the_password_chosen()
    {
        var (browser, email) = await SignUpAsync();
        Assert.Equal("Check your mail", browser.Heading);
        Assert.False(browser.IsSignedIn());

        await browser.OpenAsync(await LinkAsync(email));
        await browser.SubmitAsync("Confirm my address");
        Assert.Contains($"{email} is confirmed.", browser.Text, StringComparison.Ordinal);

        await browser.FollowAsync("Sign in");
        await browser.SignInAsync(email);
        Assert.Equal("/account", browser.Url.AbsolutePath);
    }

    [Fact]
    public async Task The_way_back_survives_the_mail()
    {
        var browser = portal.Browser();
        var email = Api.NewEmail();
        await browser.OpenAsync("/sign-up?returnUrl=%2Fdevelopers");
        await browser.SubmitAsync("Create account", ("Name", "Ada"), ("Email", email), ("Password", Api.Password));
        await browser.OpenAsync(await LinkAsync(email));
        await browser.SubmitAsync("Confirm my address");

        Assert.Equal("/sign-in?returnUrl=%2Fdevelopers", browser.Url.PathAndQuery);
    }

    [Fact]
    public async Task Before_that_the_right_password_is_told_what_is_missing_and_a_wrong_one_is_not()
    {
        var (browser, email) = await SignUpAsync();
        await browser.OpenAsync("/sign-in");
        await browser.SignInAsync(email);
        Assert.Equal("Confirm your email address first: open the link that we have mailed you.", browser.Summary);
        Assert.False(browser.IsSignedIn());

        await browser.SubmitAsync("Send the link again");
        Assert.Contains("another link is on its way", browser.Text, StringComparison.Ordinal);

        var right = await portal.Stranger().SignInAsync(email);
        Assert.Equal(HttpStatusCode.Forbidden, right.StatusCode);
        Assert.Equal("EMAIL_NOT_VERIFIED", await right.TextAsync("code"));
        Assert.Null(right.Header("Set-Cookie"));
        var wrong = await portal.Stranger().SignInAsync(email, "not the password");
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
    }

    [Fact]
    public async Task Another_link_is_mailed_at_sign_in_but_no_more_than_one_a_minute()
    {
        var (_, email) = await SignUpAsync();
        await portal.Stranger().SignInAsync(email);
        Assert.Single(await portal.MailToAsync(email));

        await portal.WaitForTheNextMailAsync();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => portal.Stranger().SignInAsync(email)));
        Assert.Equal(2, (await portal.MailToAsync(email)).Count);
    }

    [Fact]
    public async Task Opening_the_link_five_times_changes_nothing_and_tells_no_other_site()
    {
        var (browser, email) = await SignUpAsync();
        var link = await LinkAsync(email);
        var before = await RowAsync(email);

        for (var i = 0; i < 5; i++)
        {
            await browser.OpenAsync(link);
            Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().GetAsync(link)).StatusCode);
            Assert.Equal("no-referrer", browser.Response.Header("Referrer-Policy"));
            Assert.True(browser.Response.Headers.CacheControl?.NoStore);
        }

        Assert.Equal(before, await RowAsync(email));
    }

    [Fact]
    public async Task Confirming_again_is_said_kindly_and_changes_nothing()
    {
        var (browser, email) = await SignUpAsync();
        var link = await LinkAsync(email);
        var second = browser.NewTab();
        await second.OpenAsync(link);
        await browser.OpenAsync(link);
        await browser.SubmitAsync("Confirm my address");
        var after = await RowAsync(email);

        await second.SubmitAsync("Confirm my address");
        Assert.Contains($"{email} is confirmed.", second.Text, StringComparison.Ordinal);
        await browser.OpenAsync(link);
        Assert.Contains($"{email} is confirmed.", browser.Text, StringComparison.Ordinal);
        Assert.Equal(after, await RowAsync(email));
    }

    [Fact]
    public async Task Elsewhere_the_password_confirms_and_a_wrong_one_does_not()
    {
        var (_, email) = await SignUpAsync();
        var elsewhere = portal.Browser();
        await elsewhere.OpenAsync(await LinkAsync(email));

        await elsewhere.SubmitAsync("Confirm my address", ("Password", "not the password"));
        Assert.StartsWith("That is not the password", elsewhere.ProblemOf("Password"), StringComparison.Ordinal);
        Assert.Equal(0, await portal.ScalarAsync<int>(
            "select count(email_verified_at) from users where email_canonical = @email", new { email }));

        await elsewhere.SubmitAsync("Confirm my address", ("Password", Api.Password));
        Assert.Equal("password-refused, password-confirmed", await portal.ScalarAsync<string>(
            """
            select string_agg(type, ', ' order by seq) from audit_events join audit_details using (seq)
             where user_id = (select id from users where email = @email) and type like 'password-%'
            """,
            new { email }));
        Assert.Contains($"{email} is confirmed.", elsewhere.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_for_the_other_browser_confirms_nothing_without_a_password()
    {
        var (browser, email) = await SignUpAsync();
        await browser.OpenAsync(await LinkAsync(email));
        using var stolen = browser.Request("Confirm my address");
        var elsewhere = portal.Browser();
        await elsewhere.OpenAsync(await LinkAsync(email));
        using var own = elsewhere.Request("Confirm my address");
        stolen.Content = own.Content;

        await elsewhere.SendAsync(stolen);

        Assert.Equal(HttpStatusCode.BadRequest, elsewhere.Status);
        Assert.Equal("Enter the password you chose, or choose a new one.", elsewhere.Summary);
    }

    [Fact]
    public async Task The_owner_of_an_address_that_somebody_else_signed_up_with_takes_the_account_over()
    {
        var (attacker, email) = await SignUpAsync();
        await portal.ExecuteAsync("update users set image = 'https://evil.test/x' where email = @email", new { email });
        await portal.Stranger().PostAsync("/api/auth/request-password-reset", new { email });
        var olderReset = (await portal.MailToAsync(email))[^1].Link;
        var owner = portal.Browser();
        await owner.OpenAsync((await portal.MailToAsync(email))[0].Link);

        await owner.SubmitAsync("Set password and confirm", ("New password", "short"));
        Assert.StartsWith("This password is too short", owner.ProblemOf("New password"), StringComparison.Ordinal);
        await owner.SubmitAsync("Set password and confirm", ("New password", NewPassword));
        Assert.Contains($"{email} is confirmed.", owner.Text, StringComparison.Ordinal);

        Assert.Equal("account-reclaimed", await portal.ScalarAsync<string>(
            """
            select type from audit_events join audit_details using (seq)
             where user_id = (select id from users where email = @email) order by seq desc limit 1
            """,
            new { email }));

        Assert.Equal(" and no picture", await portal.ScalarAsync<string>(
            "select name || coalesce(image, ' and no picture') from users where email = @email", new { email }));

        await attacker.OpenAsync("/sign-in");
        await attacker.SignInAsync(email);
        Assert.False(attacker.IsSignedIn());
        await attacker.OpenAsync(olderReset);
        Assert.Equal(HttpStatusCode.BadRequest, attacker.Status);
        await owner.FollowAsync("Sign in");
        await owner.SignInAsync(email, NewPassword);
        Assert.Equal($"Hello, {email}", owner.Heading);
        await owner.OpenAsync("/account/activity");
        Assert.Contains(
            "The address was confirmed in another browser than the one that signed up, with a new password",
            owner.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_browser_that_signed_up_by_a_script_confirms_without_a_password_and_a_program_gets_no_cookie(
        bool isBrowser)
    {
        var (browser, email) = (portal.Browser(), Api.NewEmail());
        var request = Visit.Request(HttpMethod.Post, "/api/auth/sign-up/email",
            ("Origin", Portal.Url), ("Sec-Fetch-Site", isBrowser ? "same-origin" : null));
        request.Content = System.Net.Http.Json.JsonContent.Create(new { name = "Ada", email, password = Api.Password });
        await browser.SendAsync(request);

        Assert.Equal(isBrowser, browser.Response.Cookie("sign-up") is not null);
        await browser.OpenAsync(await LinkAsync(email));
        Assert.Equal(isBrowser, browser.Page.QuerySelector("input[type=password]") is null);
    }

    [Fact]
    public async Task Bad_links_are_refused_with_the_way_on()
    {
        var (browser, email) = await SignUpAsync();
        var (_, other) = await SignUpAsync();
        var (mine, theirs) = (await TokenAsync(email), await TokenAsync(other));
        await portal.Stranger().PostAsync("/api/auth/request-password-reset", new { email });
        var reset = (await portal.MailToAsync(email))[^1].Link.Split("token=")[1];
        var mixed = $"{mine.Split('.')[0]}.{theirs.Split('.')[1]}.{mine.Split('.')[2]}";

        foreach (var token in (string[])["", "nope", $"{mine}x", mixed, reset])
        {
            await browser.OpenAsync($"/verify-email?token={token}");
            Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
            Assert.StartsWith("This link no longer works", browser.Summary, StringComparison.Ordinal);
            await browser.FollowAsync("Get a new link");
            await browser.SubmitAsync("Send the link again", ("Email", email));
            Assert.Equal(HttpStatusCode.OK, browser.Status);
        }
    }

    [Fact]
    public async Task A_link_dies_with_the_address_it_was_for()
    {
        var (browser, email) = await SignUpAsync();
        await browser.OpenAsync(await LinkAsync(email));
        await portal.ExecuteAsync(
            "update users set email_canonical = 'x' || email_canonical where email_canonical = @email", new { email });

        await browser.SubmitAsync("Confirm my address");

        Assert.StartsWith("This link no longer works", browser.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_password_by_mail_confirms_the_address_too_and_keeps_no_name_that_another_may_have_given()
    {
        var (_, email) = await SignUpAsync();
        await portal.Stranger().PostAsync("/api/auth/request-password-reset", new { email });
        var browser = portal.Browser();
        await browser.OpenAsync((await portal.MailToAsync(email))[^1].Link);
        await browser.SubmitAsync("Set password", ("New password", NewPassword));

        var signedIn = await portal.Stranger().SignInAsync(email, NewPassword);
        Assert.Equal("", (await signedIn.JsonAsync())["user"]!["name"]!.GetValue<string>());
    }

    private async Task<(PlainBrowser Browser, string Email)> SignUpAsync()
    {
        var (browser, email) = (portal.Browser(), Api.NewEmail());
        await browser.OpenAsync("/sign-up");
        await browser.SubmitAsync("Create account", ("Name", "Ada"), ("Email", email), ("Password", Api.Password));
        return (browser, email);
    }

    private async Task<string> LinkAsync(string email) => (await portal.MailToAsync(email))[^1].Link;

    private async Task<string> TokenAsync(string email) => (await LinkAsync(email)).Split("token=")[1].Split('&')[0];

    private async Task<string> RowAsync(string email) => (await portal.ScalarAsync<string>(
        "select to_jsonb(users)::text from users where email_canonical = @email", new { email }))!;
}
