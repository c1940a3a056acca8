using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using AuthPortal.Tests.CommandLine;
using AuthPortal.Tests.Features;
using AuthPortal.Tests.Support;
using MimeKit;
using OtpNet;
using Xunit;

namespace AuthPortal.Tests.Interop;

/// <summary>A whole account life, every letter of which goes through another's mail server and is read there.</summary>
[Trait("Category", "Interop")]
public sealed partial class AiosmtpdTests(Portal portal) : IClassFixture<Portal>, IAsyncLifetime
{
    private const string Name = "Ада Лавлейс";
    private const string NewPassword = LinkKind.NewPassword;

    private readonly HashSet<string> _read = [];
    private Aiosmtpd _server = null!;

    public async Task InitializeAsync()
    {
        _server = await Aiosmtpd.StartAsync();
        foreach (var (key, value) in SmtpSink.SettingsFor(_server.Port))
            portal.Settings[key] = value;
        portal.Settings["Accounts:RequireVerifiedEmail"] = "true";
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Every_letter_there_is_arrives_whole_and_its_link_works()
    {
        var browser = portal.Browser();
        var email = $"ada+{Guid.NewGuid():N}@example.com";
        await SignUpAsync(browser, email);
        await browser.OpenAsync(await LinkAsync(email, "Confirm your email address"));
        await browser.SubmitAsync("Confirm my address");
        Assert.Contains($"{email} is confirmed.", browser.Text, StringComparison.Ordinal);

        await portal.ExecuteAsync("update users set sign_up_mailed_at = null");
        await SignUpAsync(portal.Browser(), email);
        await browser.OpenAsync(await LinkAsync(email, "You have an account already"));
        Assert.Equal("/sign-in", browser.Url.AbsolutePath);

        await ForgetAndResetAsync(browser, email);
        await ChangePasswordAsync(browser, email);
        await ChangeAndUndoAddressAsync(browser, email);
        await portal.ExecuteAsync("update users set reset_mailed_at = null");
        _server.Empty();
        await ForgetAndResetAsync(browser, email);
        await AddAndRemovePasskeyAsync(email);
        await UseSecondFactorAsync(browser, email);
        await GuessPasswordAsync(email);
        await TakeBackAsync(browser, email);
        await DeleteAndComeBackAsync(email);
        await DeleteAsync(email);

        Assert.Equal(Written().Order(StringComparer.Ordinal), _read.Order(StringComparer.Ordinal));
    }

    private async Task ForgetAndResetAsync(PlainBrowser browser, string email)
    {
        await browser.OpenAsync("/forgot-password");
        await browser.SubmitAsync("Send the link", ("Email", email));
        await browser.OpenAsync(await LinkAsync(email, "Choose a new password"));
        await browser.SubmitAsync("Set password", ("New password", NewPassword));
        Assert.Contains("Now sign in.", browser.Text, StringComparison.Ordinal);
        var notice = await ReadAsync(email, "Your password was changed");
        Assert.Contains("by a link that we had mailed", notice, StringComparison.Ordinal);
    }

    private async Task ChangePasswordAsync(PlainBrowser browser, string email)
    {
        await SignInAsync(browser, email, NewPassword);
        await browser.OpenAsync("/account/security");
        await browser.SubmitAsync("Change password", ("Current password", NewPassword), ("New password", Api.Password));
        Assert.True(await Eventually.IsTrueAsync(
            async () => (await ReadAsync(email, "Your password was changed"))
                .Contains("has just been changed", StringComparison.Ordinal),
            TimeSpan.FromSeconds(20)));
    }

    private async Task ChangeAndUndoAddressAsync(PlainBrowser browser, string email)
    {
        var grace = Api.NewEmail();
        await SignUpAsync(portal.Browser(), grace);
        await AskForAsync(browser, grace);
        await ReadAsync(grace, "You already have an account here", name: "");

        var newer = $"lovelace+{Guid.NewGuid():N}@example.com";
        await AskForAsync(browser, newer);
        await ReadAsync(email, "A change of your email address was asked for");
        await browser.OpenAsync(await LinkAsync(newer, "Confirm your new email address", name: ""));
        await browser.SubmitAsync("Confirm this address");
        Assert.Contains(newer, browser.Text, StringComparison.Ordinal);

        await browser.OpenAsync(await LinkAsync(email, "Your email address was changed"));
        await browser.SubmitAsync("Undo the change");
        Assert.Equal("Your address is back", browser.Heading);
        await ReadAsync(email, "Your email address is back");
    }

    private async Task AddAndRemovePasskeyAsync(string email)
    {
        using var http = portal.Program();
        await http.SignInAsync(email, NewPassword);
        var id = await (await http.RegisterAsync(new SoftwareAuthenticator())).PasskeyIdAsync();
        await ReadAsync(email, "A passkey was added to your account");
        (await http.PasskeyAsync("delete-passkey", new { id })).EnsureSuccessStatusCode();
        await ReadAsync(email, "A passkey was removed from your account");
    }

    private async Task UseSecondFactorAsync(PlainBrowser browser, string email)
    {
        await SignInAsync(browser, email, NewPassword);
        await browser.OpenAsync("/account/security/authenticator");
        var key = browser.Page.QuerySelector(".key")!.TextContent.Replace(" ", "", StringComparison.Ordinal);
        await browser.SubmitAsync("Turn it on", ("Code", new Totp(Base32Encoding.ToBytes(key)).ComputeTotp()));
        await ReadAsync(email, "Your second factor is on");
        await browser.OpenAsync("/account/security/authenticator");
        await browser.SubmitAsync("Make new recovery codes");
        await ReadAsync(email, "You have new recovery codes");
        var code = Regex.Match(browser.Page.QuerySelector(".codes")!.TextContent, "[0-9A-Z]{5}-[0-9A-Z]{5}").Value;

        var elsewhere = portal.Browser();
        await elsewhere.OpenAsync("/sign-in");
        await elsewhere.SignInAsync(email, NewPassword);
        await elsewhere.OpenAsync("/sign-in/recovery-code");
        await elsewhere.SubmitAsync("Continue", ("Recovery code", code));
        Assert.Contains("9 are left.", await ReadAsync(email, "A recovery code was used"), StringComparison.Ordinal);

        var guesser = portal.Browser();
        await guesser.OpenAsync("/sign-in");
        await guesser.SignInAsync(email, NewPassword);
        for (var guess = 0; guess < 6; guess++)
            await guesser.SubmitAsync("Continue", ("Code", "000000"));
        await ReadAsync(email, "Somebody is guessing your sign-in codes");

        await browser.OpenAsync("/account/security/authenticator");
        await browser.SubmitAsync("Turn it off");
        await ReadAsync(email, "Your second factor is off");
    }

    private async Task GuessPasswordAsync(string email)
    {
        for (var guess = 0; guess < 11; guess++)
            await portal.Stranger().SignInAsync(email, "not the password");
        await ReadAsync(email, "Somebody is guessing your password");
        await portal.ExecuteAsync("delete from throttle");
        await Task.Delay(TimeSpan.FromSeconds(1.1)); // for so long a refusal is remembered without its row
    }

    private async Task TakeBackAsync(PlainBrowser browser, string email)
    {
        _server.Empty();
        await AddPasskeyAsync();
        await browser.OpenAsync(await LinkAsync(email, "A passkey was added to your account"));
        await browser.SubmitAsync("Remove it");
        await ReadAsync(email, "What was added to your account is removed");
        await ForgetAgainAsync();

        await AddPasskeyAsync();
        await portal.RunAsync($"users reset-second-factor {email}");
        await ReadAsync(email, "Your second factor was removed");
        await portal.RunAsync($"users evict {email}");
        await ReadAsync(email, "Your account was shut to whoever was in it");
        await ForgetAgainAsync();
        await portal.ExecuteAsync("update users set taken_back_at = null"); // as 72 hours later

        async Task AddPasskeyAsync()
        {
            using var http = portal.Program();
            await http.SignInAsync(email, NewPassword);
            (await http.RegisterAsync(new SoftwareAuthenticator())).EnsureSuccessStatusCode();
        }

        async Task ForgetAgainAsync()
        {
            await portal.ExecuteAsync("update users set reset_mailed_at = null");
            _server.Empty();
            await ForgetAndResetAsync(browser, email);
        }
    }

    private async Task DeleteAndComeBackAsync(string email)
    {
        await using var patient = portal.Sibling(other => other.Settings["Accounts:DeleteAfter"] = "30.00:00:00");
        var signedIn = await patient.Stranger().SignInAsync(email, NewPassword);
        await patient.Stranger().SendAsync(
            HttpMethod.Post,
            "/api/auth/delete-user",
            await signedIn.TextAsync("token"),
            new { password = NewPassword });
        Assert.Equal("/sign-in", await LinkAsync(email, "Your account will be deleted"));
        Assert.Equal(HttpStatusCode.OK, (await patient.Stranger().SignInAsync(email, NewPassword)).StatusCode);
        await ReadAsync(email, "Your account is restored");
    }

    /// <summary>In a browser of its own: the other may hear of its session's end between page and form.</summary>
    private async Task DeleteAsync(string email)
    {
        var browser = portal.Browser();
        var signedIn = await portal.Stranger().SignInAsync(email, NewPassword);
        await portal.Stranger().SendAsync(
            HttpMethod.Post, "/api/auth/delete-user", await signedIn.TextAsync("token"), new { });
        await browser.OpenAsync(await LinkAsync(email, "Delete your account?"));
        await browser.SubmitAsync("Delete my account");
        Assert.Equal("Your account is deleted", browser.Heading);
        await ReadAsync(email, "Your account is deleted");
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Stranger().SignInAsync(email)).StatusCode);
    }

    private static async Task SignUpAsync(PlainBrowser browser, string email)
    {
        await browser.OpenAsync("/sign-up");
        await browser.SubmitAsync("Create account", ("Name", Name), ("Email", email), ("Password", Api.Password));
        Assert.Equal("Check your mail", browser.Heading);
    }

    private static async Task SignInAsync(PlainBrowser browser, string email, string password)
    {
        await browser.OpenAsync("/sign-in");
        await browser.SignInAsync(email, password);
        Assert.Equal("/account", browser.Url.AbsolutePath);
    }

    private static async Task AskForAsync(PlainBrowser browser, string email)
    {
        await browser.OpenAsync("/account/email");
        await browser.SubmitAsync("Change address", ("New email", email), ("Current password", Api.Password));
    }

    /// <summary>Waits for the letter, and looks at all of it.</summary>
    /// <returns>Its words.</returns>
    private async Task<string> ReadAsync(string email, string subject, string name = Name)
    {
        var (message, raw) = await _server.WaitForAsync(email, subject);
        Assert.All(raw, octet => Assert.InRange(octet, 0, 127));
        Assert.Equal("no-reply@portal.test", message.Headers["X-MailFrom"]);
        var to = Assert.IsType<MailboxAddress>(Assert.Single(message.To));
        Assert.Equal((name, email), (to.Name ?? "", to.Address));
        Assert.Equal("\"AuthPortal\" <no-reply@portal.test>", message.From.ToString());
        Assert.Equal("auto-generated", message.Headers["Auto-Submitted"]);
        Assert.Matches("^[0-9a-f]{32}@portal\\.test$", message.MessageId);
        Assert.InRange(message.Date, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddSeconds(1));
        var parts = Assert.IsType<MultipartAlternative>(message.Body).Cast<TextPart>().ToList();
        Assert.Equal(["text/plain", "text/html"], parts.Select(part => part.ContentType.MimeType));
        Assert.All(parts, part => Assert.Equal("utf-8", part.ContentType.Charset));

        var html = new HtmlParser().ParseDocument(parts[1].Text);
        Assert.Equal(subject, html.QuerySelector("h1")!.TextContent);
        var paragraphs = parts[0].Text.ReplaceLineEndings("\n").Split("\n\n");
        Assert.Contains(paragraphs[0], html.QuerySelectorAll("p").Select(p => p.TextContent));
        _read.Add(subject);
        return parts[0].Text;
    }

    /// <returns>The one address that both parts lead to, as a test's client wants it.</returns>
    private async Task<string> LinkAsync(string email, string subject, string name = Name)
    {
        await ReadAsync(email, subject, name);
        var (message, _) = await _server.WaitForAsync(email, subject);
        var url = message.TextBody!.ReplaceLineEndings("\n").Split('\n')
            .Single(line => line.StartsWith("http", StringComparison.Ordinal));
        var links = new HtmlParser().ParseDocument(message.HtmlBody!).QuerySelectorAll("a");
        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.Equal(url, link.GetAttribute("href")));
        Assert.StartsWith($"{Portal.Url}/", url, StringComparison.Ordinal);
        return new Uri(url).PathAndQuery;
    }

    /// <summary>The subjects of all letters that the product's source writes: one that is new must be read here too.</summary>
    private static IEnumerable<string> Written() =>
        Directory.EnumerateFiles(Path.Combine(Source.Root, "AuthPortal"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => LetterSubject().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value)
            .Distinct();

    [GeneratedRegex(@"(?:new Letter|\bLetter \w+(?:\([^)]*\))? =>? new)\(\s*""([^""]+)""")]
    private static partial Regex LetterSubject();
}
