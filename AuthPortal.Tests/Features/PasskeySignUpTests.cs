using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>Opening an account with a passkey and no password.</summary>
public sealed class PasskeySignUpTests(MailedPortal portal) : IClassFixture<MailedPortal>
{
    [Fact]
    public async Task A_name_an_address_and_a_passkey_make_an_account_that_the_passkey_alone_opens()
    {
        var (browser, email, authenticator) = (portal.Browser(), Api.NewEmail(), new SoftwareAuthenticator());

        await browser.SignUpAsync(authenticator, $"  {email.ToUpperInvariant()}");

        Assert.Equal("/account", browser.Url.AbsolutePath);
        Assert.Equal("Hello, Ada", browser.Heading);
        Assert.Equal("no password, 1 passkey of the person", await portal.ScalarAsync<string>(
            """
            select coalesce(password_hash, 'no password') || ', ' || (select count(*) from passkeys where user_id = users.id)
                   || ' passkey of ' || case when id::text = @handle then 'the person' else 'another' end
              from users where email_canonical = @email
            """,
            new { email, handle = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(authenticator.UserHandle)) }));
        Assert.Equal(["sign-up", "sign-in"], await portal.ListAsync<string>(
            """
            select type from audit_events join audit_details using (seq)
             where user_id = (select id from users where email_canonical = @email) order by seq
            """,
            new { email }));
        Assert.Equal("Confirm your email address", Assert.Single(await portal.MailToAsync(email.ToUpperInvariant())).Subject);

        await browser.SubmitAsync("Sign out");
        await browser.OpenAsync("/sign-in");
        await browser.ProveAsync("Sign in with a passkey", authenticator);
        Assert.Equal("Hello, Ada", browser.Heading);
    }

    [Fact]
    public async Task The_options_are_the_same_for_a_taken_address_and_hold_the_id_the_account_will_have()
    {
        var taken = await portal.NewPersonAsync();
        (await taken.Http.RegisterAsync(new SoftwareAuthenticator())).EnsureSuccessStatusCode();
        var texts = new List<string>();
        foreach (var email in (string[])[taken.Email, Api.NewEmail()])
        {
            var browser = portal.Browser();
            await browser.OpenAsync("/sign-up");
            var options = (await browser.SignUpOptionsAsync(email))!;
            Assert.Equal(email, options["user"]!["name"]!.GetValue<string>());
            var id = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(options["user"]!["id"]!.GetValue<string>()));
            Assert.NotEqual(taken.Id, Guid.Parse(id));
            options["challenge"] = "";
            options["user"] = "";
            texts.Add(options.ToJsonString());
        }

        Assert.Equal(texts[0], texts[1]);
    }

    [Fact]
    public async Task What_is_wrong_is_said_beside_its_field_and_a_password_is_not_asked_for()
    {
        var browser = portal.Browser();

        await browser.SignUpAsync(new SoftwareAuthenticator(), "not-an-address", "");

        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
        Assert.Equal("Enter your name.", browser.ProblemOf("Name"));
        Assert.Equal("Enter an email address, such as ada@example.com.", browser.ProblemOf("Email"));
        Assert.Equal("", browser.ProblemOf("Password"));
    }

    [Fact]
    public async Task A_taken_address_is_refused_beside_its_field_and_its_person_gets_no_passkey()
    {
        var (browser, ada) = (portal.Browser(), await portal.NewPersonAsync());
        var authenticator = new SoftwareAuthenticator();

        await browser.SignUpAsync(authenticator, ada.Email, "Eve");

        Assert.StartsWith("There is an account with this address already.", browser.ProblemOf("Email"), StringComparison.Ordinal);
        Assert.False(browser.IsSignedIn());
        var answer = await portal.Program().SignInByPasskeyAsync(authenticator);
        Assert.Equal("PASSKEY_NOT_FOUND", await answer.TextAsync("code"));
    }

    [Theory]
    [InlineData("another site")]
    [InlineData("nobody verified")]
    [InlineData("another challenge")]
    [InlineData("another address")]
    [InlineData("a passkey of somebody")]
    [InlineData("no passkey at all")]
    public async Task What_the_page_did_not_ask_for_opens_no_account(string what)
    {
        var (browser, email, authenticator) = (portal.Browser(), Api.NewEmail(), new SoftwareAuthenticator());
        await browser.OpenAsync("/sign-up");
        var options = (await browser.SignUpOptionsAsync(email))!;
        var typed = email;
        switch (what)
        {
            case "another site": authenticator.Origin = "https://evil.test"; break;
            case "nobody verified": authenticator.VerifiesUser = false; break;
            case "another challenge": options["challenge"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"; break;
            case "another address": typed = Api.NewEmail(); break;
            case "a passkey of somebody":
                var ada = await portal.NewPersonAsync();
                (await ada.Http.RegisterAsync(authenticator)).EnsureSuccessStatusCode();
                authenticator = new SoftwareAuthenticator { CredentialId = authenticator.CredentialId };
                break;
        }

        browser.Put("attestation", what == "no passkey at all" ? [] : authenticator.Create(options));
        await browser.SubmitAsync(PasskeyPages.SignUpButton, ("Email", typed));

        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
        Assert.EndsWith(what == "another address" ? "Please begin again." : "Please try again.", browser.Summary, StringComparison.Ordinal);
        Assert.Equal(0, await portal.ScalarAsync<long>(
            "select count(*) from users where email_canonical in (@email, @typed)", new { email, typed }));
    }

    [Fact]
    public async Task A_challenge_of_the_security_page_opens_no_account_and_one_of_sign_up_adds_no_passkey()
    {
        var ada = await portal.NewPersonAsync();
        var adding = await ada.Http.GetAsync("/api/auth/passkey/generate-register-options");
        var browser = portal.Browser();
        await browser.OpenAsync("/sign-up");
        var options = (await browser.SignUpOptionsAsync(Api.NewEmail()))!;
        browser.Put("attestation", new SoftwareAuthenticator().Create(await adding.JsonAsync()));
        await browser.SubmitAsync(PasskeyPages.SignUpButton);
        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);

        var added = await ada.Http.PasskeyAsync(
            "verify-registration", new JsonObject { ["response"] = new SoftwareAuthenticator().Create(options) });
        Assert.Equal("FAILED_TO_VERIFY_REGISTRATION", await added.TextAsync("code"));
    }

    [Fact]
    public async Task Sent_ten_times_at_once_it_opens_one_account_with_one_passkey()
    {
        var (browser, email, authenticator) = (portal.Browser(), Api.NewEmail(), new SoftwareAuthenticator());
        await browser.OpenAsync("/sign-up");
        browser.Put("attestation", authenticator.Create((await browser.SignUpOptionsAsync(email))!));
        var tabs = Enumerable.Range(0, 10).Select(_ => (Tab: browser.NewTab(), Request: browser.Request(PasskeyPages.SignUpButton)));

        await Task.WhenAll(tabs.Select(each => each.Tab.SendAsync(each.Request)));

        Assert.Equal("1 1", await portal.ScalarAsync<string>(
            """
            select count(distinct users.id) || ' ' || count(*)
              from users join passkeys on user_id = users.id where email_canonical = @email
            """,
            new { email }));
    }

    [Fact]
    public async Task Where_everybody_must_have_a_second_factor_a_passkey_is_one()
    {
        await using var strict = portal.Sibling(other => other.Settings["SecondFactor:Required"] = "true");
        var browser = strict.Browser();

        await browser.SignUpAsync(new SoftwareAuthenticator(), Api.NewEmail());

        Assert.Equal("Hello, Ada", browser.Heading);
    }

    [Fact]
    public async Task Under_an_address_that_is_a_number_it_is_not_offered_and_not_done()
    {
        await using var numbered = portal.Sibling(p => p.Settings["Portal:PublicUrl"] = "https://192.0.2.7");
        var browser = numbered.Browser();
        await browser.OpenAsync("/sign-up");
        Assert.Empty(browser.Page.QuerySelectorAll("[data-passkey], [data-script], script[src*=passkey]"));

        using var asked = browser.Request("Create account");
        asked.RequestUri = new Uri(browser.Url, "/sign-up?handler=PasskeyOptions");
        await browser.SendAsync(asked);
        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
        Assert.Null(browser.Response.Cookie("passkey-sign-up"));
    }
}
