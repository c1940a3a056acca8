using System.Net;
using System.Xml.Linq;
using AuthPortal.SecondFactor;
using AuthPortal.Tests.Support;
using AuthPortal.Web;
using Xunit;

namespace AuthPortal.Tests.SecondFactor;

/// <summary>Setting an authenticator app up and removing it.</summary>
public sealed class EnrolmentTests(PatientPortal portal) : IClassFixture<PatientPortal>
{
    [Fact]
    public async Task It_is_on_once_a_code_has_shown_that_the_app_has_the_secret()
    {
        var person = await portal.NewPersonAsync();
        var begun = SecondFactorCalls.Begun();
        var ada = new Enrolled(person, begun.Key, []);

        var wrong = await portal.ConfirmAsync(await portal.ReadAsync(person), begun, ada.CodeAt(Now.AddHours(1)));
        Assert.Equal(AuthErrors.InvalidFirstCode, wrong.Error);
        Assert.False((await portal.ReadAsync(person)).HasTotp);

        var right = await portal.ConfirmAsync(await portal.ReadAsync(person), begun, ada.CodeAt(Now));
        Assert.True(right.Value!.User.HasTotp);
        Assert.True((await portal.ReadAsync(person)).HasTotp);
        Assert.Equal(10, right.Value.RecoveryCodes.Length);
        Assert.Equal(["Your second factor is on"], await NoticesAsync(person));
    }

    [Fact]
    public async Task Recovery_codes_that_were_shown_with_the_secret_count_once_it_is_confirmed_and_no_others_do()
    {
        var person = await portal.NewPersonAsync();
        var begun = SecondFactorCalls.Begun(RecoveryCodes.Make());
        var ada = new Enrolled(person, begun.Key, begun.RecoveryCodes);
        await portal.ExecuteAsync(
            """
            insert into recovery_codes (id, user_id, code_hash, created_at)
            values (gen_random_uuid(), @Id, sha256('a thief''s'), now())
            """,
            new { person.Id });
        Assert.Equal(AuthErrors.BackupCodesNotEnabled, await portal.CheckRecoveryCodeAsync(person, ada.RecoveryCodes[0]));

        var done = await portal.ConfirmAsync(await portal.ReadAsync(person), begun, ada.CodeAt(Now));

        Assert.Empty(done.Value!.RecoveryCodes);
        Assert.Equal(10, await portal.CountLeftAsync(person));
        Assert.Null(await portal.CheckRecoveryCodeAsync(person, ada.RecoveryCodes[9]));
    }

    [Fact]
    public async Task What_is_on_is_not_replaced()
    {
        var ada = await portal.NewEnrolledAsync();
        var (user, second) = (await portal.ReadAsync(ada.Person), SecondFactorCalls.Begun());

        var refused = await portal.ConfirmAsync(user, second, new Enrolled(ada.Person, second.Key, []).CodeAt(Now));

        Assert.Equal(AuthErrors.TotpAlreadyEnabled, refused.Error);
        Assert.Equal(10, await portal.CountLeftAsync(ada.Person));
        portal.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await portal.CheckTotpAsync(ada.Person, ada.CodeAt(Now)));
    }

    [Fact]
    public async Task A_row_that_an_earlier_version_left_unconfirmed_counts_for_nothing_and_is_replaced()
    {
        var person = await portal.NewPersonAsync();
        await portal.ExecuteAsync(
            "insert into totp_credentials (user_id, secret, created_at) values (@Id, 'x', now())", new { person.Id });
        Assert.Equal(AuthErrors.TotpNotEnabled, await portal.CheckTotpAsync(person, "123456"));

        var begun = SecondFactorCalls.Begun();
        var ada = new Enrolled(person, begun.Key, []);
        Assert.True((await portal.ConfirmAsync(await portal.ReadAsync(person), begun, ada.CodeAt(Now))).Succeeded);
        Assert.True((await portal.ReadAsync(person)).HasTotp);
    }

    [Fact]
    public async Task Turning_it_on_and_off_ends_every_other_session()
    {
        var person = await portal.NewPersonAsync();
        var phone = await portal.SignInAgainAsync(person);
        var before = await portal.ReadAsync(person);
        var begun = SecondFactorCalls.Begun();
        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().GetAsync("/api/me", phone)).StatusCode);

        var on = await portal.ConfirmAsync(before, begun, new Enrolled(person, begun.Key, []).CodeAt(Now));
        Assert.Equal(before.SessionVersion + 1, on.Value!.User.SessionVersion);
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Stranger().GetAsync("/api/me", phone)).StatusCode);

        var off = await portal.RemoveAsync(on.Value.User);
        Assert.Equal(before.SessionVersion + 2, off.Value!.SessionVersion);
        Assert.False(off.Value.HasTotp);
        Assert.Equal(0, await portal.CountLeftAsync(person));
        Assert.Equal(AuthErrors.TwoFactorNotEnabled, (await portal.RemoveAsync(off.Value)).Error);
        Assert.Equal(["Your second factor is on", "Your second factor is off"], await NoticesAsync(person));
    }

    [Theory]
    [InlineData("disabled_at = now()")]
    [InlineData("session_version = session_version + 1")]
    public async Task A_session_that_no_longer_counts_changes_nothing(string change)
    {
        var (ada, eve) = (await portal.NewEnrolledAsync(), await portal.NewPersonAsync());
        var begun = SecondFactorCalls.Begun();
        var (enrolled, bare) = (await portal.ReadAsync(ada.Person), await portal.ReadAsync(eve));
        await portal.ExecuteAsync($"update users set {change} where id in (@a, @e)", new { a = enrolled.Id, e = bare.Id });
        var before = await portal.SnapshotAsync();

        AuthError?[] refusals =
        [
            (await portal.ConfirmAsync(bare, begun, new Enrolled(eve, begun.Key, []).CodeAt(Now))).Error,
            (await portal.RemoveAsync(enrolled)).Error,
            (await portal.ReplaceCodesAsync(enrolled)).Error,
        ];

        Assert.All(refusals, refusal => Assert.Equal(AuthErrors.Unauthorized, refusal));
        Assert.Equal(before, await portal.SnapshotAsync());
    }

    [Fact]
    public async Task Of_two_confirmations_at_once_one_turns_it_on()
    {
        var person = await portal.NewPersonAsync();
        var user = await portal.ReadAsync(person);
        var begun = SecondFactorCalls.Begun();
        var code = new Enrolled(person, begun.Key, []).CodeAt(Now);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => Task.Run(() => portal.ConfirmAsync(user, begun, code))));

        Assert.Single(answers, answer => answer.Succeeded);
        Assert.Equal(10, await portal.CountLeftAsync(person));
        Assert.Equal(user.SessionVersion + 1, (await portal.ReadAsync(person)).SessionVersion);
    }

    [Fact]
    public async Task The_table_holds_ciphertext_that_opens_for_its_person_alone()
    {
        var (ada, eve) = (await portal.NewEnrolledAsync(), await portal.NewEnrolledAsync());
        portal.Time.Advance(TimeSpan.FromMinutes(2));

        var rows = string.Concat((await portal.SnapshotAsync())["totp_credentials"]);
        Assert.DoesNotContain(ada.Key.Text, rows, StringComparison.OrdinalIgnoreCase);
        await portal.ExecuteAsync(
            """
            update totp_credentials
               set secret = (select secret from totp_credentials where user_id = @from)
             where user_id = @to
            """,
            new { from = eve.Person.Id, to = ada.Person.Id });
        Assert.Equal(AuthErrors.SecondFactorUnreadable, await portal.CheckTotpAsync(ada.Person, eve.CodeAt(Now)));
        Assert.Null(await portal.CheckTotpAsync(eve.Person, eve.CodeAt(Now)));
    }

    [Fact]
    public void The_key_is_written_as_the_apps_read_it()
    {
        var key = AuthenticatorKey.Parse("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");

        Assert.Equal("JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP", key.Grouped);
        Assert.Equal(
            "otpauth://totp/My%20Portal%20%26%20Co:ada%2Bcode%40example.com"
                + "?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=My%20Portal%20%26%20Co&digits=6&period=30",
            key.UriFor("My Portal & Co", "ada+code@example.com"));
        Assert.StartsWith("otpauth://totp/Acme%20Ops:ada%40", key.UriFor("Acme:Ops", "ada@example.com"), StringComparison.Ordinal);
        Assert.Matches("^[A-Z2-7]{32}$", AuthenticatorKey.New().Text);
        Assert.NotEqual(AuthenticatorKey.New().Text, AuthenticatorKey.New().Text);
    }

    [Fact]
    public async Task The_app_lists_the_account_under_the_portals_host_and_the_address()
    {
        var person = await portal.NewPersonAsync();
        var user = await portal.ReadAsync(person);
        var key = AuthenticatorKey.New();

        var uri = await portal.WithAsync<Authenticators, string>(a => Task.FromResult(a.UriOf(key, user)));

        Assert.StartsWith($"otpauth://totp/portal.test:{Uri.EscapeDataString(user.Email)}?secret=", uri);
        Assert.Contains("&issuer=portal.test&", uri);
    }

    [Fact]
    public void The_picture_is_dark_on_white_has_a_name_and_needs_no_style()
    {
        var svg = XElement.Parse(QrCode.Svg("otpauth://totp/a:b?secret=AAAA", "QR code of \"a\" <b>"));

        Assert.Equal("img", svg.Attribute("role")?.Value);
        Assert.Equal("QR code of \"a\" <b>", svg.Attribute("aria-label")?.Value);
        Assert.Equal(["#fff", "#000"], svg.Elements().Select(shape => shape.Attribute("fill")?.Value));
        Assert.All(svg.DescendantsAndSelf(), element => Assert.Null(element.Attribute("style")));
    }

    private DateTimeOffset Now => portal.Time.GetUtcNow();

    /// <summary>The subjects of what they were mailed after the letter of their sign-up.</summary>
    private async Task<IEnumerable<string>> NoticesAsync(Person person) =>
        (await portal.MailToAsync(person.Email)).Select(mail => mail.Subject).Skip(1);
}
