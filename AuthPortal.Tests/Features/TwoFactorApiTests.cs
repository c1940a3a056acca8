using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>Better Auth's two-factor endpoints: their shapes, and what proves enough for each.</summary>
public sealed class TwoFactorApiTests(PatientPortal portal) : IClassFixture<PatientPortal>
{
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(10.1);
    private static readonly string[] WithCode = ["pwd", "otp", "mfa"];
    private static readonly string[] OfOnesOwn = ["enable", "get-totp-uri", "disable", "generate-backup-codes"];

    [Fact]
    public async Task Enabling_hands_over_the_secret_and_ten_codes_and_asks_for_nothing_yet()
    {
        var ada = await portal.NewPersonAsync();
        var response = await ada.Http.TwoFactorAsync("enable", new { password = Api.Password, issuer = "Ada's & co" });

        var body = await response.EnsureSuccessStatusCode().JsonAsync();
        Assert.Equal(["method", "totpURI", "backupCodes"], body.AsObject().Select(member => member.Key));
        Assert.Equal("totp", $"{body["method"]}");
        var app = App.Of(body);
        Assert.Equal(
            $"otpauth://totp/Ada%27s%20%26%20co:{Uri.EscapeDataString(ada.Email)}?secret={app.Secret}"
                + "&issuer=Ada%27s%20%26%20co&digits=6&period=30",
            app.Uri);
        Assert.Equal(10, app.RecoveryCodes.Distinct().Count(code => code is [_, _, _, _, _, '-', _, _, _, _, _]));

        var again = await ada.Http.TwoFactorAsync("get-totp-uri", new { password = Api.Password });
        Assert.Equal(app.Secret, App.SecretIn(await again.TextAsync("totpURI")));
        Assert.NotNull((await (await portal.Stranger().SignInAsync(ada.Email)).JsonAsync())["token"]);
    }

    [Fact]
    public async Task A_first_code_turns_it_on_and_this_session_goes_on_alone()
    {
        var ada = await portal.NewPersonAsync();
        var other = await portal.SignInAgainAsync(ada);
        var session = (await MeAsync(ada.Http))["sessionId"]!;
        var app = await ada.Http.EnableAsync();

        var wrong = await ada.Http.TwoFactorAsync("verify-totp", new { code = "000000" });
        Assert.Equal("401 INVALID_CODE Invalid code", await SaidAsync(wrong));
        var response = await ada.Http.TwoFactorAsync("verify-totp", new { code = app.CodeAt(Now) });

        var body = await response.EnsureSuccessStatusCode().JsonAsync();
        Assert.Equal(["token", "user"], body.AsObject().Select(member => member.Key));
        Assert.True(body["user"]!["twoFactorEnabled"]!.GetValue<bool>());
        var byToken = await (await portal.Stranger().GetAsync("/api/me", $"{body["token"]}")).JsonAsync();
        foreach (var me in (JsonNode[])[byToken, await MeAsync(ada.Http)])
        {
            Assert.Equal($"{session}", $"{me["sessionId"]}");
            Assert.Equal(WithCode, me["methods"]!.AsArray().Select(method => $"{method}"));
        }

        var renewed = await portal.Stranger().PostAsync("/api/auth/refresh", other);
        Assert.Equal(HttpStatusCode.Unauthorized, renewed.StatusCode);
    }

    [Fact]
    public async Task A_code_ends_a_half_done_sign_in_once_and_a_trusted_device_is_asked_no_more()
    {
        var (ada, app) = await EnrolledAsync();
        var http = portal.Program();
        Assert.True((await (await http.SignInAsync(ada.Email)).JsonAsync())["twoFactorRedirect"]!.GetValue<bool>());

        var code = app.CodeAt(Now);
        var response = await http.TwoFactorAsync("verify-totp", new { code, trustDevice = true });

        var body = await response.EnsureSuccessStatusCode().JsonAsync();
        Assert.Equal($"{ada.Id}", $"{body["user"]!["id"]}");
        Assert.Contains("=; max-age=0", response.Cookie("pending"), StringComparison.OrdinalIgnoreCase);
        Assert.NotNull(response.Header("set-auth-token"));
        Assert.Equal(WithCode, (await MeAsync(http))["methods"]!.AsArray().Select(method => $"{method}"));

        (await http.PostAsync("/api/auth/sign-out", new { })).EnsureSuccessStatusCode();
        Assert.NotNull((await (await http.SignInAsync(ada.Email)).JsonAsync())["token"]);

        var elsewhere = portal.Program();
        await elsewhere.SignInAsync(ada.Email);
        Assert.Equal(
            "401 INVALID_CODE Invalid code", await SaidAsync(await elsewhere.TwoFactorAsync("verify-totp", new { code })));
        Assert.Equal(HttpStatusCode.Unauthorized, (await elsewhere.GetAsync("/api/me")).StatusCode);
    }

    /// <summary>By an Arabic, a Persian or a Japanese keyboard; with a gap, with a dash, with a mark of direction.</summary>
    [Theory]
    [InlineData("\u0660")]
    [InlineData("\u06F0")]
    [InlineData("\uFF10")]
    [InlineData("\u0966")]
    public async Task A_digit_is_a_digit_in_every_script_and_width(string zero)
    {
        var (ada, app) = await EnrolledAsync();
        var http = portal.Program();
        await http.SignInAsync(ada.Email);
        var typed = string.Concat(app.CodeAt(Now).Select(digit => (char)(zero[0] + (digit - '0'))));

        var response = await http.TwoFactorAsync(
            "verify-totp", new { code = $"\u200F{typed[..3]}\u00A0{typed[3..]}" });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_recovery_code_ends_it_too_and_new_ones_void_the_old()
    {
        var (ada, app) = await EnrolledAsync();
        var http = portal.Program();
        await http.SignInAsync(ada.Email);
        var used = new { code = app.RecoveryCodes[0], trustDevice = true };

        var response = await http.TwoFactorAsync("verify-backup-code", used);

        Assert.Equal(["token", "user"], (await response.JsonAsync()).AsObject().Select(member => member.Key));
        var made = await (await http.TwoFactorAsync("generate-backup-codes", new { password = Api.Password })).JsonAsync();
        Assert.Equal("true", $"{made["status"]}");
        Assert.Equal(10, made["backupCodes"]!.AsArray().Count);

        // A code on paper may be found: it has no browser trusted.
        (await http.PostAsync("/api/auth/sign-out", new { })).EnsureSuccessStatusCode();
        Assert.NotNull((await (await http.SignInAsync(ada.Email)).JsonAsync())["twoFactorRedirect"]);

        var elsewhere = portal.Program();
        await elsewhere.SignInAsync(ada.Email);
        foreach (var code in (string[])[app.RecoveryCodes[0], app.RecoveryCodes[1]])
        {
            Assert.Equal(
                "401 INVALID_BACKUP_CODE Invalid backup code",
                await SaidAsync(await elsewhere.TwoFactorAsync("verify-backup-code", new { code })));
        }

        var fresh = await elsewhere.TwoFactorAsync("verify-backup-code", new { code = $"{made["backupCodes"]![0]}" });
        Assert.Equal(HttpStatusCode.OK, fresh.StatusCode);
    }

    [Theory]
    [InlineData("verify-totp")]
    [InlineData("verify-backup-code")]
    public async Task Without_a_password_first_or_too_long_after_it_a_code_is_worth_nothing(string what)
    {
        var (ada, app) = await EnrolledAsync();
        var http = portal.Program();
        Assert.Equal("401 INVALID_TWO_FACTOR_COOKIE Invalid two factor cookie", await SaidAsync(await GiveAsync()));

        await http.SignInAsync(ada.Email);
        portal.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal("401 INVALID_TWO_FACTOR_COOKIE Invalid two factor cookie", await SaidAsync(await GiveAsync()));
        await http.SignInAsync(ada.Email);
        Assert.Equal(HttpStatusCode.OK, (await GiveAsync()).StatusCode);

        Task<HttpResponseMessage> GiveAsync() => http.TwoFactorAsync(
            what, new { code = what == "verify-totp" ? app.CodeAt(Now) : app.RecoveryCodes[0] });
    }

    [Fact]
    public async Task What_waits_for_a_code_is_a_cookie_that_needs_proof_of_origin()
    {
        var (ada, app) = await EnrolledAsync();
        var cookie = (await portal.Stranger().SignInAsync(ada.Email)).Cookie("pending")!.Split(';')[0];

        Assert.Equal("MISSING_OR_NULL_ORIGIN", await (await GiveAsync(null)).TextAsync("code"));
        Assert.Equal("INVALID_ORIGIN", await (await GiveAsync("https://evil.test")).TextAsync("code"));
        Assert.Equal(HttpStatusCode.OK, (await GiveAsync(Portal.Url)).StatusCode);

        Task<HttpResponseMessage> GiveAsync(string? origin)
        {
            var request = Visit.Request(
                HttpMethod.Post, "/api/auth/two-factor/verify-totp", ("Cookie", cookie), ("Origin", origin));
            request.Content = JsonContent.Create(new { code = app.CodeAt(Now) });
            return portal.Stranger().SendAsync(request);
        }
    }

    [Fact]
    public async Task The_password_is_the_proof_until_a_second_factor_is_on()
    {
        var ada = await portal.NewPersonAsync();
        Assert.Equal(
            "400 INVALID_PASSWORD Invalid password",
            await SaidAsync(await ada.Http.TwoFactorAsync("enable", new { password = "wrong horse battery" })));
        portal.Time.Advance(TooLong);
        Assert.Equal(
            "401 SESSION_NOT_FRESH Session is not fresh", await SaidAsync(await ada.Http.TwoFactorAsync("enable", new { })));
        var app = await ada.Http.EnableAsync();
        var on = await ada.Http.TwoFactorAsync("verify-totp", new { code = app.CodeAt(Now) });
        Assert.Equal(HttpStatusCode.OK, on.StatusCode);

        foreach (var what in OfOnesOwn)
        {
            var refused = await ada.Http.TwoFactorAsync(what, new { password = Api.Password });
            Assert.Equal("401 SESSION_NOT_FRESH Session is not fresh", await SaidAsync(refused));
            Assert.Contains(
                "error=\"insufficient_user_authentication\"", refused.Header("WWW-Authenticate"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task After_a_sign_in_with_the_second_factor_all_of_it_may_be_done()
    {
        var (ada, app) = await EnrolledAsync();
        var http = portal.Program();
        await http.SignInAsync(ada.Email);
        await http.TwoFactorAsync("verify-totp", new { code = app.CodeAt(Now) });

        Assert.Equal(
            "400 INVALID_PASSWORD Invalid password",
            await SaidAsync(await http.TwoFactorAsync("disable", new { password = "wrong horse battery" })));
        Assert.Equal(
            "400 TOTP_ALREADY_ENABLED TOTP is already enabled", await SaidAsync(await http.TwoFactorAsync("enable", new { })));
        Assert.Equal(
            "400 TOTP_ALREADY_ENABLED TOTP is already enabled",
            await SaidAsync(await http.TwoFactorAsync("get-totp-uri", new { })));
        var off = await http.TwoFactorAsync("disable", new { password = Api.Password });
        Assert.Equal("""{"status":true}""", await off.Content.ReadAsStringAsync());

        var session = await (await http.GetAsync("/api/auth/get-session")).JsonAsync();
        Assert.Null(session["user"]!["twoFactorEnabled"]);
        Assert.NotNull((await (await portal.Stranger().SignInAsync(ada.Email)).JsonAsync())["token"]);
    }

    [Fact]
    public async Task Where_there_is_nothing_to_see_or_change_each_says_so()
    {
        var ada = await portal.NewPersonAsync();
        var password = Api.Password;
        (string What, object Body, string Said)[] calls =
        [
            ("get-totp-uri", new { password }, "400 TOTP_NOT_ENABLED TOTP not enabled"),
            ("disable", new { password }, "400 TWO_FACTOR_NOT_ENABLED Two factor isn't enabled"),
            ("generate-backup-codes", new { password }, "400 TWO_FACTOR_NOT_ENABLED Two factor isn't enabled"),
            ("verify-totp", new { code = "123456" }, "400 TOTP_NOT_ENABLED TOTP not enabled"),
            ("verify-backup-code", new { code = "x" }, "400 BACKUP_CODES_NOT_ENABLED Backup codes aren't enabled"),
            ("enable", new { password, method = "otp" }, "400 OTP_NOT_CONFIGURED OTP is not available"),
            ("enable", new { password, method = "sms" },
                "400 VALIDATION_ERROR [body.method] Invalid option: expected one of \"totp\"|\"otp\""),
            ("verify-totp", new { }, "400 VALIDATION_ERROR [body.code] Invalid input: expected string, received undefined"),
        ];
        foreach (var (what, body, said) in calls)
            Assert.Equal(said, await SaidAsync(await ada.Http.TwoFactorAsync(what, body)));
        foreach (var what in OfOnesOwn)
            Assert.Equal("401 UNAUTHORIZED Unauthorized", await SaidAsync(await portal.Stranger().TwoFactorAsync(what, new { })));
    }

    [Fact]
    public async Task Who_has_no_password_needs_only_a_fresh_session()
    {
        var ada = await portal.NewPersonAsync();
        await portal.ExecuteAsync("update users set password_hash = null where id = @Id", new { ada.Id });
        await ada.Http.EnableAsync(new { });
        portal.Time.Advance(TooLong);

        foreach (var body in (object[])[new { }, new { password = Api.Password }])
        {
            Assert.Equal(
                "401 SESSION_NOT_FRESH Session is not fresh", await SaidAsync(await ada.Http.TwoFactorAsync("enable", body)));
        }
    }

    [Fact]
    public async Task After_five_wrong_guesses_of_any_kind_not_even_a_right_code_is_taken()
    {
        var (ada, app) = await EnrolledAsync();
        var http = portal.Program();
        await http.SignInAsync(ada.Email);
        for (var guess = 0; guess < 5; guess++)
        {
            var what = guess % 2 == 0 ? "verify-totp" : "verify-backup-code";
            var wrong = await http.TwoFactorAsync(what, new { code = "00000" });
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }

        foreach (var (what, code) in (Dictionary<string, string>)new()
        {
            ["verify-totp"] = app.CodeAt(Now),
            ["verify-backup-code"] = app.RecoveryCodes[0],
        })
        {
            var refused = await http.TwoFactorAsync(what, new { code });
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal("TOO_MANY_REQUESTS", await refused.TextAsync("code"));
            Assert.InRange(int.Parse(refused.Header("Retry-After")!, CultureInfo.InvariantCulture), 1, 15 * 60);
        }
    }

    [Fact]
    public async Task A_first_code_is_no_riddle_for_whoever_borrows_the_session()
    {
        var ada = await portal.NewPersonAsync();
        var app = await ada.Http.EnableAsync();
        for (var guess = 0; guess < 5; guess++)
            await ada.Http.TwoFactorAsync("verify-totp", new { code = "000000" });

        var refused = await ada.Http.TwoFactorAsync("verify-totp", new { code = app.CodeAt(Now) });
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
    }

    [Fact]
    public async Task Half_a_sign_in_left_over_in_the_browser_is_not_what_a_signed_in_person_s_code_is_for()
    {
        var (grace, _) = await EnrolledAsync();
        var ada = await portal.NewPersonAsync();
        var pending = (await portal.Stranger().SignInAsync(grace.Email)).Cookie("pending")!.Split(';')[0];
        var session = $"{await portal.SignInAgainAsync(ada)}";
        var begin = Visit.Request(
            HttpMethod.Post, "/api/auth/two-factor/enable", ("Cookie", session), ("Origin", Portal.Url));
        begin.Content = JsonContent.Create(new { });
        var begun = await portal.Stranger().SendAsync(begin);
        var app = App.Of(await begun.JsonAsync());
        var cookies = $"{session}; {begun.Cookie("authenticator-setup")!.Split(';')[0]}; {pending}";

        var request = Visit.Request(
            HttpMethod.Post, "/api/auth/two-factor/verify-totp", ("Cookie", cookies), ("Origin", Portal.Url));
        request.Content = JsonContent.Create(new { code = app.CodeAt(Now) });
        var response = await portal.Stranger().SendAsync(request);

        Assert.Equal($"{ada.Id}", $"{(await response.JsonAsync())["user"]!["id"]}");
    }

    [Fact]
    public async Task It_is_not_turned_off_where_it_must_be_on()
    {
        await using var strict = portal.Sibling(other => other.Settings["SecondFactor:Required"] = "true");
        var (ada, app) = await EnrolledAsync();
        var http = strict.Program();
        await http.SignInAsync(ada.Email);
        await http.TwoFactorAsync("verify-totp", new { code = app.CodeAt(Now) });
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/me")).StatusCode);

        var off = await http.TwoFactorAsync("disable", new { });

        Assert.Equal("SECOND_FACTOR_REQUIRED", await off.TextAsync("code"));
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/me")).StatusCode);
    }

    [Fact]
    public async Task A_session_that_the_policy_forbids_by_now_is_not_drawn_out_by_changing_the_profile()
    {
        await using var strict = portal.Sibling(other => other.Settings["SecondFactor:Required"] = "true");
        var ada = await portal.NewPersonAsync();
        var cookies = await portal.SignInAgainAsync(ada);

        var response = await strict.Stranger().PostAsync("/api/auth/update-user", cookies, new { name = "Ada Lovelace" });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null(response.Cookie("access"));
        Assert.Null(response.Cookie("refresh"));
    }

    private DateTimeOffset Now => portal.Time.GetUtcNow();

    /// <summary>Somebody whose app is on, and shows a code that was not used yet.</summary>
    private async Task<(Person Person, App App)> EnrolledAsync()
    {
        var person = await portal.NewPersonAsync();
        var app = await person.Http.TurnOnAsync(Now);
        portal.Time.Advance(TimeSpan.FromSeconds(30));
        return (person, app);
    }

    private static async Task<JsonNode> MeAsync(HttpClient http) => await (await http.GetAsync("/api/me")).JsonAsync();

    private static async Task<string> SaidAsync(HttpResponseMessage response)
    {
        var body = await response.JsonAsync();
        return $"{(int)response.StatusCode} {body["code"]} {body["message"]}";
    }
}
