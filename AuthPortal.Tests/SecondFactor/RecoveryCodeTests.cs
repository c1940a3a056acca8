using AuthPortal.SecondFactor;
using AuthPortal.Tests.Support;
using AuthPortal.Web;
using Xunit;

namespace AuthPortal.Tests.SecondFactor;

/// <summary>The codes for the day the authenticator app is lost.</summary>
public sealed class RecoveryCodeTests(PatientPortal portal) : IClassFixture<PatientPortal>
{
    [Fact]
    public async Task There_are_ten_of_fifty_random_bits_each()
    {
        var ada = await portal.NewEnrolledAsync();

        Assert.Equal(10, ada.RecoveryCodes.Distinct().Count());
        Assert.All(ada.RecoveryCodes, code => Assert.Matches("^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$", code));
        var drawn = Enumerable.Range(0, 200).SelectMany(_ => RecoveryCode.New()).Where(c => c != '-').Distinct();
        Assert.Equal(32, drawn.Count());
    }

    [Theory]
    [InlineData("0A1B2-C3D4E", "0A1B2C3D4E")]
    [InlineData(" 0a1b2 c3d4e\n", "0A1B2C3D4E")]
    [InlineData("oA-iB-2C3-D4E", "0A1B2C3D4E")]
    [InlineData("OalB2c3d4E", "0A1B2C3D4E")]
    [InlineData("\uFF10\uFF21\uFF11\uFF22\uFF12\u30FC\uFF23\uFF13\uFF24\uFF14\uFF25", "0A1B2C3D4E")]
    [InlineData("\u0660A\u0661B\u0662\u2013C\u0663D\u0664E", "0A1B2C3D4E")]
    [InlineData("0A1B2-C3D4", null)]
    [InlineData("0A1B2-C3D4EF", null)]
    [InlineData("0A1B2-C3D4U", null)]
    [InlineData("0A1B2-C3D4\u0131", null)]
    [InlineData("", null)]
    public void A_code_is_known_in_any_spelling(string typed, string? code) =>
        Assert.Equal(code, RecoveryCode.Canonical(typed));

    [Fact]
    public async Task A_code_is_taken_once_and_its_person_told_how_many_are_left()
    {
        var ada = await portal.NewEnrolledAsync();

        Assert.Null(await portal.CheckRecoveryCodeAsync(ada.Person, ada.RecoveryCodes[3].ToLowerInvariant()));
        Assert.Equal(
            AuthErrors.InvalidBackupCode, await portal.CheckRecoveryCodeAsync(ada.Person, ada.RecoveryCodes[3]));

        Assert.Equal(9, await portal.CountLeftAsync(ada.Person));
        var mail = (await portal.MailToAsync(ada.Person.Email))[^1];
        Assert.Equal("A recovery code was used", mail.Subject);
        Assert.Contains("9 are left.", mail.TextBody);
        Assert.Equal("9", await portal.ScalarAsync<string>(
            """
            select details ->> 'left'
              from audit_details join audit_events using (seq)
             where user_id = @Id and type = 'recovery-code-used'
            """,
            new { ada.Person.Id }));
    }

    [Fact]
    public async Task Of_one_code_given_ten_times_at_once_one_is_taken()
    {
        var ada = await portal.NewEnrolledAsync();
        var user = await portal.ReadAsync(ada.Person);

        var unthrottled = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(
            () => portal.WithAsync<RecoveryCodes, bool>(c => c.UseAsync(user, ada.RecoveryCodes[0], default)))));
        var throttled = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(
            () => portal.CheckRecoveryCodeAsync(ada.Person, ada.RecoveryCodes[1]))));

        Assert.Single(unthrottled, used => used);
        Assert.Single(throttled, refusal => refusal is null);
        Assert.Equal(8, await portal.CountLeftAsync(ada.Person));
    }

    [Fact]
    public async Task Guesses_of_both_kinds_count_together()
    {
        var ada = await portal.NewEnrolledAsync();
        for (var n = 0; n < 5; n++)
            Assert.Equal(AuthErrors.InvalidBackupCode, await portal.CheckRecoveryCodeAsync(ada.Person, "wrong"));

        portal.Time.Advance(TimeSpan.FromMinutes(2));
        var totp = await portal.CheckTotpAsync(ada.Person, ada.CodeAt(portal.Time.GetUtcNow()));
        Assert.Equal("TOO_MANY_REQUESTS", totp?.Code);
        Assert.Equal(
            "TOO_MANY_REQUESTS", (await portal.CheckRecoveryCodeAsync(ada.Person, ada.RecoveryCodes[0]))?.Code);
        Assert.Equal(10, await portal.CountLeftAsync(ada.Person));

        portal.Time.Advance(TimeSpan.FromMinutes(13));
        Assert.Null(await portal.CheckRecoveryCodeAsync(ada.Person, ada.RecoveryCodes[0]));
    }

    [Fact]
    public async Task New_codes_void_the_old_ones_and_leave_sessions_alone()
    {
        var ada = await portal.NewEnrolledAsync();
        var user = await portal.ReadAsync(ada.Person);

        var made = await portal.ReplaceCodesAsync(user);

        Assert.Equal(10, made.Value!.Except(ada.RecoveryCodes).Count());
        Assert.Equal(10, await portal.CountLeftAsync(ada.Person));
        Assert.Equal(
            AuthErrors.InvalidBackupCode, await portal.CheckRecoveryCodeAsync(ada.Person, ada.RecoveryCodes[0]));
        Assert.Null(await portal.CheckRecoveryCodeAsync(ada.Person, made.Value![0]));
        Assert.Equal(user.SessionVersion, (await portal.ReadAsync(ada.Person)).SessionVersion);
        Assert.Contains(
            await portal.MailToAsync(ada.Person.Email), mail => mail.Subject == "You have new recovery codes");
    }

    [Fact]
    public async Task Made_anew_eight_times_at_once_there_are_ten()
    {
        var ada = await portal.NewEnrolledAsync();
        var user = await portal.ReadAsync(ada.Person);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => Task.Run(() => portal.ReplaceCodesAsync(user))));

        Assert.All(answers, answer => Assert.True(answer.Succeeded));
        Assert.Equal(10, await portal.CountLeftAsync(ada.Person));
    }

    [Fact]
    public async Task Without_a_second_factor_there_are_none()
    {
        var person = await portal.NewPersonAsync();

        Assert.Equal(
            AuthErrors.TwoFactorNotEnabled, (await portal.ReplaceCodesAsync(await portal.ReadAsync(person))).Error);
        Assert.Equal(AuthErrors.BackupCodesNotEnabled, await portal.CheckRecoveryCodeAsync(person, "00000-00000"));
        Assert.Equal(0, await portal.CountLeftAsync(person));
    }

    [Fact]
    public async Task The_table_holds_no_code_and_a_row_proves_nothing_for_another_person()
    {
        var (ada, eve) = (await portal.NewEnrolledAsync(), await portal.NewEnrolledAsync());

        var everything = string.Concat((await portal.SnapshotAsync()).SelectMany(table => table.Value));
        Assert.All(ada.RecoveryCodes, code => Assert.DoesNotContain(code, everything));
        Assert.All(ada.RecoveryCodes, code => Assert.DoesNotContain(RecoveryCode.Canonical(code)!, everything));
        await portal.ExecuteAsync(
            "update recovery_codes set user_id = @to where user_id = @from",
            new { from = eve.Person.Id, to = ada.Person.Id });
        Assert.Equal(
            AuthErrors.InvalidBackupCode, await portal.CheckRecoveryCodeAsync(ada.Person, eve.RecoveryCodes[0]));
    }
}
