using System.Net;
using System.Text.Json.Nodes;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>Signing in by a passkey: what proves a person, what does not, and that it proves them once.</summary>
public sealed class PasskeySignInTests(MailedPortal portal) : IClassFixture<MailedPortal>
{
    private static readonly string[] PasskeyMethods = ["pop", "user", "mfa"];

    [Fact]
    public async Task A_passkey_alone_signs_its_person_in_and_the_token_says_how()
    {
        var (ada, authenticator) = await PersonAsync();
        var http = portal.Program();

        var response = await http.SignInByPasskeyAsync(authenticator);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var body = await response.JsonAsync();
        Assert.Equal(["session", "user"], body.AsObject().Select(m => m.Key));
        Assert.Equal(ada.Id.ToString(), body["user"]!["id"]!.GetValue<string>());
        var me = await (await http.GetAsync("/api/me")).JsonAsync();
        Assert.Equal(body["session"]!["id"]!.GetValue<string>(), me["sessionId"]!.GetValue<string>());
        Assert.Equal(PasskeyMethods, me["methods"]!.AsArray().Select(m => m!.GetValue<string>()));
        var passkey = Assert.Single((await (await http.GetAsync("/api/auth/passkey/list-user-passkeys")).JsonAsync()).AsArray())!;
        Assert.Equal(2, passkey["counter"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("another site", "origin")]
    [InlineData("another host", "rp-id")]
    [InlineData("a foreign frame", "origin")]
    [InlineData("nobody verified", "user-verification")]
    [InlineData("another challenge", "challenge")]
    [InlineData("the other ceremony", "malformed")]
    [InlineData("no user handle", "user-handle")]
    [InlineData("another's handle", "user-handle")]
    [InlineData("a handle that is no id", "user-handle")]
    [InlineData("another key", "signature")]
    [InlineData("no longer eligible for backup", "backup-eligibility")]
    public async Task What_the_browser_of_its_person_did_not_make_is_refused_and_why_is_on_record(
        string what, string reason)
    {
        var (ada, authenticator) = await PersonAsync();
        var (grace, hers) = await PersonAsync();
        var http = portal.Program();
        var options = await http.OptionsAsync("authenticate");
        var type = "webauthn.get";
        switch (what)
        {
            case "another site": authenticator.Origin = "https://evil.test"; break;
            case "another host": authenticator.RelyingParty = "evil.test"; break;
            case "a foreign frame": authenticator.CrossOrigin = true; break;
            case "nobody verified": authenticator.VerifiesUser = false; break;
            case "another challenge": options["challenge"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"; break;
            case "the other ceremony": type = "webauthn.create"; break;
            case "no user handle": authenticator.UserHandle = null; break;
            case "another's handle": authenticator.UserHandle = hers.UserHandle; break;
            case "a handle that is no id": authenticator.UserHandle = "AAAA"; break;
            case "no longer eligible for backup": authenticator.IsBackupEligible = false; break;
            default: authenticator = new() { CredentialId = authenticator.CredentialId, UserHandle = authenticator.UserHandle }; break;
        }

        var answer = await http.PasskeyAsync("verify-authentication", new { response = authenticator.Get(options, type) });

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("AUTHENTICATION_FAILED", await answer.TextAsync("code"));
        Assert.Null(answer.Cookie("access"));
        Assert.Equal(1, await CountAsync(ada, "sign-in-failed"));
        Assert.Equal(reason, await portal.ScalarAsync<string>(
            """
            select details ->> 'reason'
              from audit_details join audit_events using (seq)
             where user_id = @Id and type = 'sign-in-failed'
            """,
            new { ada.Id }));
        Assert.Equal(0, await CountAsync(grace, "sign-in-failed"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_assertion_counts_once_whether_or_not_the_authenticator_counts(bool counts)
    {
        var (ada, authenticator) = await PersonAsync(new SoftwareAuthenticator { Count = counts ? 1 : null });
        var asked = await portal.Program().GetAsync("/api/auth/passkey/generate-authenticate-options");
        var assertion = authenticator.Get(await asked.JsonAsync());

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AnswerAsync(asked, assertion)));

        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
        Assert.All(
            answers.Where(a => a.StatusCode != HttpStatusCode.OK),
            a => Assert.Equal(HttpStatusCode.Unauthorized, a.StatusCode));
        Assert.Equal(7, await CountAsync(ada, "passkey-refused", "replayed"));
        Assert.Equal(HttpStatusCode.OK, (await portal.Program().SignInByPasskeyAsync(authenticator)).StatusCode);
    }

    [Fact]
    public async Task A_counter_that_does_not_rise_is_refused_and_told()
    {
        var (ada, authenticator) = await PersonAsync(new SoftwareAuthenticator { Count = 5 });
        (await portal.Program().SignInByPasskeyAsync(authenticator)).EnsureSuccessStatusCode();
        authenticator.Count = 5; // what a copy of it, made before, would say

        var answer = await portal.Program().SignInByPasskeyAsync(authenticator);

        Assert.Equal("AUTHENTICATION_FAILED", await answer.TextAsync("code"));
        Assert.Equal(1, await CountAsync(ada, "passkey-refused", "sign-count"));
        authenticator.Count = null;
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Program().SignInByPasskeyAsync(authenticator)).StatusCode);
        authenticator.Count = 6;
        Assert.Equal(HttpStatusCode.OK, (await portal.Program().SignInByPasskeyAsync(authenticator)).StatusCode);
    }

    [Fact]
    public async Task A_challenge_is_for_one_ceremony_and_one_browser()
    {
        var (ada, authenticator) = await PersonAsync();
        var registering = await ada.Http.GetAsync("/api/auth/passkey/generate-register-options");
        var assertion = authenticator.Get(await registering.JsonAsync());

        var none = await portal.Program().PasskeyAsync("verify-authentication", new { response = assertion });
        Assert.Equal("CHALLENGE_NOT_FOUND", await none.TextAsync("code"));
        var stolen = registering.Cookie("passkey-registration")!.Split(';')[0].Replace("registration", "assertion");
        var other = await AnswerAsync(stolen, assertion);
        Assert.Equal("CHALLENGE_NOT_FOUND", await other.TextAsync("code"));
    }

    [Fact]
    public async Task A_passkey_that_was_removed_or_never_was_opens_nothing()
    {
        var (ada, authenticator) = await PersonAsync();
        var id = await portal.ScalarAsync<Guid>("select id from passkeys where user_id = @Id", new { ada.Id });
        (await ada.Http.PasskeyAsync("delete-passkey", new { id })).EnsureSuccessStatusCode();

        var answer = await portal.Program().SignInByPasskeyAsync(authenticator);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("PASSKEY_NOT_FOUND", await answer.TextAsync("code"));
    }

    [Fact]
    public async Task Who_is_disabled_is_not_let_in_by_a_passkey_either()
    {
        var (ada, authenticator) = await PersonAsync();
        await portal.ExecuteAsync("update users set disabled_at = now() where id = @Id", new { ada.Id });

        var answer = await portal.Program().SignInByPasskeyAsync(authenticator);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Null(answer.Cookie("access"));
    }

    [Fact]
    public async Task Who_is_signed_in_proves_themselves_anew_and_nobody_else()
    {
        var (ada, authenticator) = await PersonAsync();
        var (_, hers) = await PersonAsync();
        var session = (await (await ada.Http.GetAsync("/api/me")).JsonAsync())["sessionId"]!.GetValue<string>();

        var options = await ada.Http.OptionsAsync("authenticate");
        Assert.Equal(authenticator.Id, Assert.Single(options["allowCredentials"]!.AsArray())!["id"]!.GetValue<string>());
        var another = await ada.Http.PasskeyAsync("verify-authentication", new { response = hers.Get(options) });
        Assert.Equal("AUTHENTICATION_FAILED", await another.TextAsync("code"));

        (await ada.Http.SignInByPasskeyAsync(authenticator)).EnsureSuccessStatusCode();
        var me = await (await ada.Http.GetAsync("/api/me")).JsonAsync();
        Assert.Equal(session, me["sessionId"]!.GetValue<string>());
        Assert.Equal(
            ["pwd", .. PasskeyMethods], me["methods"]!.AsArray().Select(m => m!.GetValue<string>())); // as it was begun
    }

    [Fact]
    public async Task A_passkey_made_before_the_address_was_proved_goes_with_the_password_of_that_time()
    {
        var (ada, authenticator) = await PersonAsync();
        await portal.ExecuteAsync("delete from outbox");
        await ResetAsync("a first battery staple");
        var gone = await portal.Program().SignInByPasskeyAsync(authenticator);
        Assert.Equal("PASSKEY_NOT_FOUND", await gone.TextAsync("code"));

        var later = new SoftwareAuthenticator();
        var http = portal.Program();
        (await http.SignInAsync(ada.Email, "a first battery staple")).EnsureSuccessStatusCode();
        (await http.RegisterAsync(later)).EnsureSuccessStatusCode();
        await portal.ExecuteAsync("delete from outbox");
        await portal.WaitForTheNextMailAsync();
        await ResetAsync("a second battery staple");
        Assert.Equal(HttpStatusCode.OK, (await portal.Program().SignInByPasskeyAsync(later)).StatusCode);

        async Task ResetAsync(string password)
        {
            await portal.Stranger().PostAsync("/api/auth/request-password-reset", new { email = ada.Email });
            var browser = portal.Browser();
            await browser.OpenAsync(Assert.Single(await portal.MailToAsync(ada.Email)).Link);
            await browser.SubmitAsync("Set password", ("New password", password));
            Assert.Contains("Now sign in.", browser.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Passkeys_and_the_second_factor_go_with_a_change_of_address_that_is_undone()
    {
        var ada = await portal.NewPersonAsync();
        await portal.ExecuteAsync("delete from outbox");
        var newer = Api.NewEmail();
        (await portal.Stranger().SendAsync(
            HttpMethod.Post, "/api/auth/change-email", ada.AccessToken, new { newEmail = newer })).EnsureSuccessStatusCode();
        var thief = portal.Browser();
        await thief.OpenAsync("/sign-in");
        await thief.SignInAsync(ada.Email);
        await thief.OpenAsync(Assert.Single(await portal.MailToAsync(newer)).Link);
        await thief.SubmitAsync("Confirm this address");
        var authenticator = new SoftwareAuthenticator();
        var http = portal.Program();
        (await http.SignInAsync(newer)).EnsureSuccessStatusCode();
        (await http.RegisterAsync(authenticator)).EnsureSuccessStatusCode();
        await portal.ExecuteAsync(
            "insert into totp_credentials (user_id, secret, created_at, confirmed_at) values (@Id, 'x', now(), now())",
            new { ada.Id });

        var owner = portal.Browser();
        var notice = (await portal.MailToAsync(ada.Email)).Single(mail => mail.Subject == "Your email address was changed");
        await owner.OpenAsync(notice.Link);
        await owner.SubmitAsync("Undo the change");

        var answer = await portal.Program().SignInByPasskeyAsync(authenticator);
        Assert.Equal("PASSKEY_NOT_FOUND", await answer.TextAsync("code"));
        Assert.Equal(0, await portal.ScalarAsync<long>(
            "select count(*) from totp_credentials where user_id = @Id", new { ada.Id }));
    }

    private async Task<(Person Person, SoftwareAuthenticator SoftwareAuthenticator)> PersonAsync(SoftwareAuthenticator? authenticator = null)
    {
        var person = await portal.NewPersonAsync();
        authenticator ??= new SoftwareAuthenticator();
        (await person.Http.RegisterAsync(authenticator)).EnsureSuccessStatusCode();
        return (person, authenticator);
    }

    private Task<HttpResponseMessage> AnswerAsync(HttpResponseMessage asked, JsonObject assertion) =>
        AnswerAsync(asked.Cookie("passkey-assertion")!.Split(';')[0], assertion);

    private Task<HttpResponseMessage> AnswerAsync(string cookie, JsonObject assertion)
    {
        var request = Visit.Request(
            HttpMethod.Post, "/api/auth/passkey/verify-authentication", ("Cookie", cookie), ("Origin", Portal.Url));
        request.Content = System.Net.Http.Json.JsonContent.Create(new { response = assertion });
        return portal.Stranger().SendAsync(request);
    }

    private Task<long> CountAsync(Person person, string type, string? reason = null) => portal.ScalarAsync<long>(
        """
        select count(*)
          from audit_details join audit_events using (seq)
         where user_id = @Id and type = @type and (@reason is null or details->>'reason' = @reason)
        """,
        new { person.Id, type, reason })!;
}
