using System.Net;
using AuthPortal.Tests.SecondFactor;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>The authenticator app as people meet it on the pages, with time in the test's hand.</summary>
public sealed class SecondFactorPageTests(TimelessPortal portal) : IClassFixture<TimelessPortal>
{
    private const string Page = "/account/security/authenticator";
    private const string WrongCode = "That code is wrong, or was used already.";

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Setting_up_shows_a_key_takes_its_code_and_then_asks_for_one_at_sign_in()
    {
        var browser = portal.Browser();
        var email = await browser.SignUpAsync();
        await browser.OpenAsync("/account/security");
        await browser.FollowAsync("Set up an authenticator app");
        var phone = Phone.SetUpFrom(browser, portal.Time);
        Assert.NotNull(browser.Page.QuerySelector(".qr svg[role=img][aria-label]"));
        var uri = browser.Page.QuerySelector("a[href^='otpauth:']")!.GetAttribute("href")!;
        Assert.StartsWith($"otpauth://totp/portal.test:{Uri.EscapeDataString(email)}?secret=", uri, StringComparison.Ordinal);
        Assert.Contains(phone.Key.Replace(" ", "", StringComparison.Ordinal), uri, StringComparison.Ordinal);

        await browser.SubmitAsync("Turn it on", ("Code", phone.WrongCode));
        Assert.Equal("That code is wrong. Type the one that your app shows now.", browser.ProblemOf("Code"));
        Assert.Equal("", browser.ValueOf("Code"));
        Assert.Equal(phone, Phone.SetUpFrom(browser, portal.Time));
        await browser.SubmitAsync("Turn it on", ("Code", phone.Code.Insert(3, " ")));
        Assert.Equal("Keep your recovery codes", browser.Heading);
        Assert.Equal(10, CodesOn(browser).Distinct().Count());

        portal.Time.Advance(Step);
        await browser.SubmitAsync("Sign out");
        await browser.OpenAsync("/sign-in?returnUrl=/account/activity");
        await browser.SignInAsync(email);
        Assert.Equal("/sign-in/second-factor", browser.Url.AbsolutePath);
        Assert.False(browser.IsSignedIn());
        Assert.Equal("one-time-code", browser.Page.QuerySelector("#Input-Code")!.GetAttribute("autocomplete"));
        Assert.Equal("numeric", browser.Page.QuerySelector("#Input-Code")!.GetAttribute("inputmode"));
        await browser.SubmitAsync("Continue", ("Code", phone.WrongCode));
        Assert.StartsWith(WrongCode, browser.ProblemOf("Code"), StringComparison.Ordinal);
        Assert.Equal("", browser.ValueOf("Code"));
        await browser.ReloadAsync();
        Assert.Equal("Enter your code", browser.Heading);
        await browser.SubmitAsync("Continue", ("Code", phone.Code));
        Assert.Equal("/account/activity", browser.Url.PathAndQuery);
    }

    [Fact]
    public async Task A_code_counts_once_also_the_one_before_it()
    {
        var (browser, email, phone, _) = await EnrolledAsync();
        await HalfwayAsync(browser, email);
        await browser.SubmitAsync("Continue", ("Code", phone.Code));
        Assert.Equal("/account", browser.Url.AbsolutePath);

        foreach (var used in (string[])[phone.Code, phone.CodeAt(-Step)])
        {
            await HalfwayAsync(browser, email);
            await browser.SubmitAsync("Continue", ("Code", used));
            Assert.StartsWith(WrongCode, browser.ProblemOf("Code"), StringComparison.Ordinal);
        }

        await browser.SubmitAsync("Continue", ("Code", phone.CodeAt(Step)));
        Assert.Equal("/account", browser.Url.AbsolutePath);
    }

    [Fact]
    public async Task Who_guesses_is_told_how_long_to_wait_and_then_goes_on()
    {
        var (browser, email, phone, _) = await EnrolledAsync();
        await HalfwayAsync(browser, email);
        for (var guess = 0; guess < 5; guess++)
            await browser.SubmitAsync("Continue", ("Code", phone.WrongCode));
        await browser.SubmitAsync("Continue", ("Code", phone.Code));
        Assert.Equal("Too many tries. Please wait 15 minutes, then try again.", browser.Summary);

        portal.Time.Advance(TimeSpan.FromMinutes(15));
        await HalfwayAsync(browser, email);
        await browser.SubmitAsync("Continue", ("Code", phone.Code));
        Assert.Equal("/account", browser.Url.AbsolutePath);
    }

    [Fact]
    public async Task Recovery_codes_are_shown_once_and_kept_nowhere_in_clear()
    {
        var (browser, email, _, codes) = await EnrolledAsync();
        var file = Uri.UnescapeDataString(browser.Page.QuerySelector("a[download]")!.GetAttribute("href")!);
        Assert.All(codes, code => Assert.Contains(code, file, StringComparison.Ordinal));
        Assert.Contains(email, file, StringComparison.Ordinal);
        Assert.Contains("no-store", $"{browser.Response.Headers.CacheControl}", StringComparison.Ordinal);

        var seen = "";
        foreach (var path in (string[])[Page, "/account/security", "/account/activity", "/account/data?handler=Download"])
        {
            await browser.OpenAsync(path);
            seen += await browser.Response.Content.ReadAsStringAsync();
        }

        seen += string.Concat((await portal.SnapshotAsync()).SelectMany(table => table.Value));
        Assert.All(codes, code =>
        {
            Assert.DoesNotContain(code, seen, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(
                code.Replace("-", "", StringComparison.Ordinal), seen, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public async Task A_recovery_code_lets_in_once_however_it_is_typed_and_few_left_is_said()
    {
        var (browser, email, _, codes) = await EnrolledAsync();
        foreach (var code in codes[..7])
        {
            await HalfwayAsync(browser, email);
            await browser.FollowAsync("Use a recovery code");
            await browser.SubmitAsync(
                "Continue", ("Recovery code", $" {code.Replace('-', ' ').ToLowerInvariant()} "));
            Assert.Equal("/account", browser.Url.AbsolutePath);
        }

        foreach (var path in (string[])["/account/security", Page])
        {
            await browser.OpenAsync(path);
            Assert.Contains("3 recovery codes are left. Make new ones", browser.Text, StringComparison.Ordinal);
        }

        await HalfwayAsync(browser, email);
        await browser.FollowAsync("Use a recovery code");
        await browser.SubmitAsync("Continue", ("Recovery code", codes[0]));
        Assert.StartsWith(
            "That recovery code is wrong, or was used already.", browser.ProblemOf("Recovery code"), StringComparison.Ordinal);
        Assert.Equal("", browser.ValueOf("Recovery code"));
        await browser.FollowAsync("Back to the authenticator app");
        Assert.Equal("Enter your code", browser.Heading);
    }

    [Fact]
    public async Task New_recovery_codes_void_the_old_ones()
    {
        var (browser, email, _, old) = await EnrolledAsync();
        await browser.OpenAsync(Page);
        await browser.SubmitAsync("Make new recovery codes");
        var made = CodesOn(browser);
        Assert.Equal(10, made.Except(old).Count());

        await HalfwayAsync(browser, email);
        await browser.FollowAsync("Use a recovery code");
        await browser.SubmitAsync("Continue", ("Recovery code", old[0]));
        Assert.NotEmpty(browser.ProblemOf("Recovery code"));
        await browser.SubmitAsync("Continue", ("Recovery code", made[0]));
        Assert.Equal("/account", browser.Url.AbsolutePath);
    }

    [Fact]
    public async Task Turned_off_it_is_asked_for_no_more_and_its_recovery_codes_are_void()
    {
        var (browser, email, phone, _) = await EnrolledAsync();
        await browser.OpenAsync(Page);
        await browser.SubmitAsync("Turn it off");
        Assert.Contains("Your authenticator app is off.", browser.Text, StringComparison.Ordinal);

        var other = portal.Browser();
        await other.OpenAsync("/sign-in");
        await other.SignInAsync(email);
        Assert.Equal("/account", other.Url.AbsolutePath);
        await other.OpenAsync(Page);
        Assert.NotEqual(phone.Key, Phone.SetUpFrom(other, portal.Time).Key);
    }

    [Fact]
    public async Task A_trusted_device_is_asked_for_the_password_alone_for_thirty_days()
    {
        var (browser, email, phone, _) = await EnrolledAsync();
        await TrustAsync(browser, email, phone);
        await browser.SubmitAsync("Sign out");
        await browser.SignInAsync(email);
        Assert.Equal("/account", browser.Url.AbsolutePath);

        portal.Time.Advance(TimeSpan.FromDays(30) + Step);
        await HalfwayAsync(browser, email);
    }

    [Fact]
    public async Task Trust_is_one_persons_and_ends_when_they_sign_out_everywhere()
    {
        var (browser, email, phone, _) = await EnrolledAsync();
        var (_, another, _, _) = await EnrolledAsync();
        await TrustAsync(browser, email, phone);
        await browser.SubmitAsync("Sign out");
        await HalfwayAsync(browser, another);

        await browser.OpenAsync("/sign-in");
        await browser.SignInAsync(email);
        await browser.OpenAsync("/account/devices");
        await browser.SubmitAsync("Sign out all other devices");
        await HalfwayAsync(browser, email);
    }

    [Fact]
    public async Task Who_takes_more_than_five_minutes_begins_again_and_still_gets_there()
    {
        var (browser, email, phone, _) = await EnrolledAsync();
        await HalfwayAsync(browser, email, "/account/activity");
        portal.Time.Advance(TimeSpan.FromMinutes(6));
        await browser.SubmitAsync("Continue", ("Code", phone.Code));
        Assert.Contains("That sign-in is over", browser.Text, StringComparison.Ordinal);

        await browser.SignInAsync(email, "wrong horse battery");
        Assert.DoesNotContain("That sign-in is over", browser.Text, StringComparison.Ordinal);
        await browser.SignInAsync(email);
        await browser.SubmitAsync("Continue", ("Code", phone.Code));
        Assert.Equal("/account/activity", browser.Url.PathAndQuery);
    }

    [Theory]
    [InlineData("/sign-in/second-factor")]
    [InlineData("/sign-in/recovery-code")]
    [InlineData("/sign-in/set-up")]
    public async Task Whoever_opens_a_page_of_the_second_step_first_is_led_to_the_first(string path)
    {
        var browser = portal.Browser();
        await browser.OpenAsync(path);
        Assert.Equal("/sign-in", browser.Url.PathAndQuery);
    }

    [Theory]
    [InlineData("/sign-in/recovery-code")]
    [InlineData("/sign-in/set-up")]
    [InlineData("/sign-in/second-factor?handler=Passkey")]
    public async Task Nothing_on_the_second_steps_pages_is_an_error_page_to_who_is_halfway(string path)
    {
        var (browser, email, _, _) = await EnrolledAsync();
        await HalfwayAsync(browser, email);
        await browser.OpenAsync(path);
        Assert.Equal(HttpStatusCode.OK, browser.Status);
        Assert.StartsWith("/sign-in/", browser.Url.AbsolutePath, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_that_was_open_too_long_is_shown_again_as_it_was()
    {
        var browser = portal.Browser();
        await browser.SignUpAsync();
        await browser.OpenAsync(Page);
        var phone = Phone.SetUpFrom(browser, portal.Time);
        browser.Fill("Code", phone.Code);
        await browser.SendAsync(browser.Request("Turn it on", keep: name => name != "__RequestVerificationToken"));
        Assert.Equal(Forms.Stale, browser.Summary);
        Assert.Equal(phone, Phone.SetUpFrom(browser, portal.Time));
        await browser.SubmitAsync("Turn it on", ("Code", phone.Code));
        Assert.Equal("Keep your recovery codes", browser.Heading);
    }

    private async Task<(PlainBrowser Browser, string Email, Phone Phone, string[] Codes)> EnrolledAsync()
    {
        var browser = portal.Browser();
        var email = await browser.SignUpAsync();
        await browser.OpenAsync(Page);
        var phone = Phone.SetUpFrom(browser, portal.Time);
        await browser.SubmitAsync("Turn it on", ("Code", phone.Code));
        var codes = CodesOn(browser);
        Assert.Equal(10, codes.Length);
        portal.Time.Advance(2 * Step); // past the code that was used
        return (browser, email, phone, codes);
    }

    private static string[] CodesOn(PlainBrowser browser) =>
        [.. browser.Page.QuerySelectorAll(".codes code").Select(code => code.TextContent)];

    /// <summary>Signs in with the password, which must not be enough.</summary>
    private static async Task HalfwayAsync(PlainBrowser browser, string email, string? returnUrl = null)
    {
        if (browser.IsSignedIn())
            await browser.SubmitAsync("Sign out");
        await browser.OpenAsync("/sign-in" + (returnUrl is null ? "" : $"?returnUrl={returnUrl}"));
        await browser.SignInAsync(email);
        Assert.Equal("/sign-in/second-factor", browser.Url.AbsolutePath);
    }

    private static async Task TrustAsync(PlainBrowser browser, string email, Phone phone)
    {
        await HalfwayAsync(browser, email);
        await browser.SubmitAsync(
            "Continue", ("Code", phone.Code), ("Don't ask on this device for 30 days", "on"));
        Assert.Equal("/account", browser.Url.AbsolutePath);
    }
}
