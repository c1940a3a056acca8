using System.Net;
using System.Text.Json.Nodes;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>One's own passkeys: added, listed, named and removed by a program.</summary>
public sealed class PasskeyTests(Portal portal) : IClassFixture<Portal>
{
    [Fact]
    public async Task A_passkey_is_added_as_Better_Auth_would_say_it()
    {
        var ada = await portal.NewPersonAsync();
        var authenticator = new SoftwareAuthenticator();
        var options = await ada.Http.OptionsAsync("register");

        var response = await ada.Http.PasskeyAsync(
            "verify-registration", new { response = authenticator.Create(options), name = " Laptop " });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var passkey = await response.JsonAsync();
        Assert.Equal(
            [
                "aaguid", "backedUp", "counter", "createdAt", "credentialID", "deviceType", "id", "name", "publicKey",
                "transports", "userId",
            ],
            passkey.AsObject().Select(m => m.Key).Order(StringComparer.Ordinal));
        Assert.Equal("Laptop", passkey["name"]!.GetValue<string>());
        Assert.Equal(authenticator.Id, passkey["credentialID"]!.GetValue<string>());
        Assert.Equal(ada.Id.ToString(), passkey["userId"]!.GetValue<string>());
        Assert.Equal("multiDevice", passkey["deviceType"]!.GetValue<string>());
        Assert.Equal("internal", passkey["transports"]!.GetValue<string>());
        Assert.Equal(SoftwareAuthenticator.Make.ToString(), passkey["aaguid"]!.GetValue<string>());
        var list = await ListAsync(ada.Http);
        Assert.Equal(passkey.ToJsonString(), Assert.Single(list)!.ToJsonString());
        Assert.Equal(
            "A passkey was added to your account", Assert.Single(await portal.MailToAsync(ada.Email)).Subject);
    }

    [Fact]
    public async Task The_options_name_the_portal_its_host_and_the_person_and_demand_what_we_rely_on()
    {
        var ada = await portal.NewPersonAsync();
        var authenticator = new SoftwareAuthenticator();
        await ada.Http.RegisterAsync(authenticator);

        var response = await ada.Http.GetAsync(
            "/api/auth/passkey/generate-register-options?authenticatorAttachment=cross-platform");

        var options = await response.JsonAsync();
        Assert.Equal("""{"id":"portal.test","name":"AuthPortal"}""", Sorted(options["rp"]!));
        Assert.Equal(ada.Email, options["user"]!["name"]!.GetValue<string>());
        Assert.Equal("""["-257","-7"]""", Sorted(options["pubKeyCredParams"]!, p => $"{p!["alg"]}"));
        Assert.Equal(
            """{"authenticatorAttachment":"cross-platform","requireResidentKey":"true","residentKey":"required","userVerification":"required"}""",
            Sorted(options["authenticatorSelection"]!));
        Assert.Equal("none", options["attestation"]!.GetValue<string>());
        Assert.Equal(authenticator.Id, Assert.Single(options["excludeCredentials"]!.AsArray())!["id"]!.GetValue<string>());
        var cookie = response.Cookie("passkey-registration")!;
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("max-age=300", cookie, StringComparison.OrdinalIgnoreCase);
        var odd = await ada.Http.GetAsync("/api/auth/passkey/generate-register-options?authenticatorAttachment=x");
        Assert.Equal("VALIDATION_ERROR", await odd.TextAsync("code"));
    }

    [Theory]
    [InlineData("another site")]
    [InlineData("another host")]
    [InlineData("a foreign frame")]
    [InlineData("nobody verified")]
    [InlineData("another challenge")]
    [InlineData("the other ceremony")]
    [InlineData("no passkey at all")]
    public async Task What_no_browser_of_ours_made_is_refused_and_stored_nowhere(string what)
    {
        var ada = await portal.NewPersonAsync();
        var options = await ada.Http.OptionsAsync("register");
        var response = what switch
        {
            "another site" => new SoftwareAuthenticator { Origin = "https://evil.test" }.Create(options),
            "another host" => new SoftwareAuthenticator { RelyingParty = "evil.test" }.Create(options),
            "a foreign frame" => new SoftwareAuthenticator { CrossOrigin = true }.Create(options),
            "nobody verified" => new SoftwareAuthenticator { VerifiesUser = false }.Create(options),
            "another challenge" => Challenged(options),
            "the other ceremony" => new SoftwareAuthenticator().Create(options, "webauthn.get"),
            _ => [],
        };

        var answer = await ada.Http.PasskeyAsync("verify-registration", new { response });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("FAILED_TO_VERIFY_REGISTRATION", await answer.TextAsync("code"));
        Assert.Empty(await ListAsync(ada.Http));

        static JsonObject Challenged(JsonNode options)
        {
            options["challenge"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
            return new SoftwareAuthenticator().Create(options);
        }
    }

    [Fact]
    public async Task A_challenge_is_answered_once_by_whom_it_was_made_for()
    {
        var (ada, grace) = (await portal.NewPersonAsync(), await portal.NewPersonAsync("Grace"));
        var held = await ada.Http.GetAsync("/api/auth/passkey/generate-register-options");
        var answer = new { response = new SoftwareAuthenticator().Create(await held.JsonAsync()) };

        var stolen = Visit.Request(
            HttpMethod.Post, "/api/auth/passkey/verify-registration", ("Authorization", $"Bearer {grace.AccessToken}"),
            ("Cookie", held.Cookie("passkey-registration")!.Split(';')[0]), ("Origin", Portal.Url));
        stolen.Content = System.Net.Http.Json.JsonContent.Create(answer);
        var another = await portal.Stranger().SendAsync(stolen);
        Assert.Equal(HttpStatusCode.Unauthorized, another.StatusCode);
        Assert.Equal("YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY", await another.TextAsync("code"));

        Assert.Equal(HttpStatusCode.OK, (await ada.Http.PasskeyAsync("verify-registration", answer)).StatusCode);
        var again = await ada.Http.PasskeyAsync("verify-registration", answer);
        Assert.Equal("CHALLENGE_NOT_FOUND", await again.TextAsync("code"));
        Assert.Single(await ListAsync(ada.Http));
        Assert.Empty(await ListAsync(grace.Http));
    }

    [Fact]
    public async Task What_somebody_has_is_nobody_elses()
    {
        var (ada, grace) = (await portal.NewPersonAsync(), await portal.NewPersonAsync("Grace"));
        var authenticator = new SoftwareAuthenticator();
        await ada.Http.RegisterAsync(authenticator);

        var answer = await grace.Http.RegisterAsync(new SoftwareAuthenticator { CredentialId = authenticator.CredentialId });

        Assert.Equal("FAILED_TO_VERIFY_REGISTRATION", await answer.TextAsync("code"));
        Assert.Empty(await ListAsync(grace.Http));
    }

    [Fact]
    public async Task Another_persons_passkey_is_as_unknown_as_one_that_never_was()
    {
        var (ada, grace) = (await portal.NewPersonAsync(), await portal.NewPersonAsync("Grace"));
        var id = await (await ada.Http.RegisterAsync(new SoftwareAuthenticator(), "Hers")).PasskeyIdAsync();

        foreach (var unknown in (string[])[id, $"{Guid.NewGuid()}", "1", "'--", ""])
        {
            var renamed = await grace.Http.PasskeyAsync("update-passkey", new { id = unknown, name = "Mine", userId = ada.Id });
            var removed = await grace.Http.PasskeyAsync("delete-passkey", new { id = unknown, userId = ada.Id });
            foreach (var answer in (HttpResponseMessage[])[renamed, removed])
            {
                Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
                Assert.Equal("PASSKEY_NOT_FOUND", await answer.TextAsync("code"));
            }
        }

        Assert.Equal("Hers", Assert.Single(await ListAsync(ada.Http))!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_passkey_is_renamed_and_removed_by_its_person_who_hears_of_it()
    {
        var ada = await portal.NewPersonAsync();
        var id = await (await ada.Http.RegisterAsync(new SoftwareAuthenticator())).PasskeyIdAsync();

        var renamed = await ada.Http.PasskeyAsync("update-passkey", new { id, name = " Phone " });
        Assert.Equal("Phone", (await renamed.JsonAsync())["passkey"]!["name"]!.GetValue<string>());
        foreach (var odd in (string[])["", "  ", new('x', 101), "a\u0007b"])
        {
            var refused = await ada.Http.PasskeyAsync("update-passkey", new { id, name = odd });
            Assert.Equal("VALIDATION_ERROR", await refused.TextAsync("code"));
        }

        var removed = await ada.Http.PasskeyAsync("delete-passkey", new { id });
        Assert.Equal("""{"status":true}""", await removed.Content.ReadAsStringAsync());
        Assert.Empty(await ListAsync(ada.Http));
        Assert.Equal(HttpStatusCode.NotFound, (await ada.Http.PasskeyAsync("delete-passkey", new { id })).StatusCode);
        Assert.Equal(
            ["A passkey was added to your account", "A passkey was removed from your account"],
            (await portal.MailToAsync(ada.Email)).Select(mail => mail.Subject).Order());
    }

    [Fact]
    public async Task The_last_way_to_sign_in_stays_even_where_the_last_two_are_removed_at_once()
    {
        var ada = await portal.NewPersonAsync();
        var ids = new List<string>();
        for (var n = 0; n < 4; n++)
            ids.Add(await (await ada.Http.RegisterAsync(new SoftwareAuthenticator())).PasskeyIdAsync());
        await portal.ExecuteAsync("update users set password_hash = null where id = @Id", new { ada.Id });

        var answers = await Task.WhenAll(ids.Select(id => ada.Http.PasskeyAsync("delete-passkey", new { id })));

        var refused = Assert.Single(answers, a => a.StatusCode != HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("LAST_WAY_TO_SIGN_IN", await refused.TextAsync("code"));
        Assert.Single(await ListAsync(ada.Http));
    }

    [Fact]
    public async Task There_are_at_most_twenty_even_where_many_are_added_at_once()
    {
        var ada = await portal.NewPersonAsync();
        for (var n = 0; n < 18; n++)
            (await ada.Http.RegisterAsync(new SoftwareAuthenticator())).EnsureSuccessStatusCode();

        var devices = new List<(HttpClient Http, JsonNode Options)>();
        for (var n = 0; n < 4; n++)
        {
            var own = portal.Program();
            (await own.SignInAsync(ada.Email)).EnsureSuccessStatusCode();
            devices.Add((own, await own.OptionsAsync("register")));
        }

        var answers = await Task.WhenAll(devices.Select(device => device.Http.PasskeyAsync(
            "verify-registration", new { response = new SoftwareAuthenticator().Create(device.Options) })));

        Assert.Equal(2, answers.Count(a => a.StatusCode == HttpStatusCode.OK));
        Assert.Equal(20, (await ListAsync(ada.Http)).Count);
        var more = await ada.Http.GetAsync("/api/auth/passkey/generate-register-options");
        Assert.Equal("TOO_MANY_PASSKEYS", await more.TextAsync("code"));
    }

    [Fact]
    public async Task A_session_that_was_ended_adds_renames_and_removes_nothing()
    {
        var ada = await portal.NewPersonAsync();
        var id = await (await ada.Http.RegisterAsync(new SoftwareAuthenticator(), "Laptop")).PasskeyIdAsync();
        var options = await ada.Http.OptionsAsync("register");
        await portal.ExecuteAsync("update users set disabled_at = now() where id = @Id", new { ada.Id });

        var added = await ada.Http.PasskeyAsync(
            "verify-registration", new { response = new SoftwareAuthenticator().Create(options) });
        Assert.Equal(HttpStatusCode.Unauthorized, added.StatusCode);
        var renamed = await ada.Http.PasskeyAsync("update-passkey", new { id, name = "Mine" });
        Assert.Equal(HttpStatusCode.Unauthorized, renamed.StatusCode);
        var removed = await ada.Http.PasskeyAsync("delete-passkey", new { id });
        Assert.Equal(HttpStatusCode.Unauthorized, removed.StatusCode);
        Assert.Equal(
            "Laptop", await portal.ScalarAsync<string>("select name from passkeys where user_id = @Id", new { ada.Id }));
    }

    [Fact]
    public async Task Password_managers_find_the_page()
    {
        var response = await portal.Stranger().GetAsync("/.well-known/passkey-endpoints");

        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal($"{Portal.Url}/account/security", await response.TextAsync("enroll"));
        Assert.Equal($"{Portal.Url}/account/security", await response.TextAsync("manage"));
    }

    private static async Task<JsonArray> ListAsync(HttpClient http) =>
        (await (await http.GetAsync("/api/auth/passkey/list-user-passkeys")).EnsureSuccessStatusCode().JsonAsync()).AsArray();

    private static string Sorted(JsonNode of, Func<JsonNode?, string>? pick = null) => of is JsonArray array
        ? $"[{string.Join(',', array.Select(pick!).Order(StringComparer.Ordinal).Select(v => $"\"{v}\""))}]"
        : $"{{{string.Join(',', of.AsObject().OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => $"\"{m.Key}\":\"{m.Value}\""))}}}";
}
