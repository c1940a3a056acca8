using AuthPortal.SecondFactor;
using AuthPortal.Tests.Support;
using AuthPortal.Web;
using Xunit;

namespace AuthPortal.Tests.SecondFactor;

/// <summary>Codes of an authenticator app at sign-in: which are right, how often, and for how long.</summary>
public sealed class TotpTests(PatientPortal portal) : IClassFixture<PatientPortal>
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_code_is_taken_once()
    {
        var ada = await NewEnrolledAsync();
        var code = ada.CodeAt(Now);

        Assert.Null(await portal.CheckTotpAsync(ada.Person, code));
        Assert.Equal(AuthErrors.InvalidCode, await portal.CheckTotpAsync(ada.Person, code));

        portal.Time.Advance(Step); // as the step before it would be taken still
        Assert.Equal(AuthErrors.InvalidCode, await portal.CheckTotpAsync(ada.Person, code));
    }

    [Fact]
    public async Task The_code_that_confirmed_the_app_is_used_up()
    {
        var person = await portal.NewPersonAsync();
        var begun = SecondFactorCalls.Begun();
        var code = new Enrolled(person, begun.Key, []).CodeAt(Now);
        Assert.True((await portal.ConfirmAsync(await portal.ReadAsync(person), begun, code)).Succeeded);

        Assert.Equal(AuthErrors.InvalidCode, await portal.CheckTotpAsync(person, code));
    }

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task One_step_of_drift_is_allowed_to_either_side(int steps, bool isRight)
    {
        var ada = await NewEnrolledAsync();

        var refusal = await portal.CheckTotpAsync(ada.Person, ada.CodeAt(Now + steps * Step));

        Assert.Equal(isRight ? null : AuthErrors.InvalidCode, refusal);
    }

    [Fact]
    public async Task After_a_code_none_of_an_earlier_step_is_taken()
    {
        var ada = await NewEnrolledAsync();
        Assert.Null(await portal.CheckTotpAsync(ada.Person, ada.CodeAt(Now + Step)));

        Assert.Equal(AuthErrors.InvalidCode, await portal.CheckTotpAsync(ada.Person, ada.CodeAt(Now)));
        Assert.Equal(AuthErrors.InvalidCode, await portal.CheckTotpAsync(ada.Person, ada.CodeAt(Now - Step)));
    }

    [Fact]
    public async Task A_code_may_be_typed_as_apps_show_it_and_nothing_else_is_one()
    {
        var ada = await NewEnrolledAsync();
        var code = ada.CodeAt(Now);

        foreach (var typed in (string[])["", " ", code[..5], code + "0"])
            Assert.Equal(AuthErrors.InvalidCode, await portal.CheckTotpAsync(ada.Person, typed));
        Assert.Null(await portal.CheckTotpAsync(ada.Person, $" {code[..3]} {code[3..]}\n"));
    }

    [Fact]
    public async Task Of_one_code_given_sixteen_times_at_once_one_is_taken()
    {
        var ada = await NewEnrolledAsync();
        var (user, code) = (await portal.ReadAsync(ada.Person), ada.CodeAt(Now));

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(
            () => portal.WithAsync<Authenticators, AuthError?>(a => a.UseAsync(user, code, default)))));

        Assert.Single(answers, refusal => refusal is null);
    }

    [Fact]
    public async Task Of_twenty_wrong_codes_five_are_tried_and_then_the_right_one_is_refused_too()
    {
        var ada = await NewEnrolledAsync();
        var answers = new List<AuthError?>();
        for (var n = 0; n < 20; n++)
            answers.Add(await portal.CheckTotpAsync(ada.Person, WrongCode(ada)));

        Assert.All(answers.Take(5), refusal => Assert.Equal(AuthErrors.InvalidCode, refusal));
        Assert.All(answers.Skip(5), refusal => Assert.Equal("TOO_MANY_REQUESTS", refusal?.Code));
        var right = await portal.CheckTotpAsync(ada.Person, ada.CodeAt(Now));
        Assert.Equal(429, right?.Status);
        Assert.Equal(TimeSpan.FromMinutes(15), right?.RetryAfter);
        Assert.Equal(5, await EventsAsync(ada, "second-factor-refused"));

        portal.Time.Advance(TimeSpan.FromMinutes(15));
        Assert.Null(await portal.CheckTotpAsync(ada.Person, ada.CodeAt(Now)));
    }

    [Fact]
    public async Task Whose_codes_are_guessed_hears_of_it_once_a_day()
    {
        var ada = await NewEnrolledAsync();
        for (var n = 0; n < 5; n++)
            await portal.CheckTotpAsync(ada.Person, WrongCode(ada));
        Assert.Equal(0, await WarningsAsync(ada));

        for (var n = 0; n < 5; n++)
            await portal.CheckTotpAsync(ada.Person, WrongCode(ada));
        Assert.Equal(1, await WarningsAsync(ada));
        Assert.Equal(1, await EventsAsync(ada, "second-factor-guessed"));

        portal.Time.Advance(TimeSpan.FromDays(1));
        for (var n = 0; n < 6; n++)
            await portal.CheckTotpAsync(ada.Person, WrongCode(ada));
        Assert.Equal(2, await WarningsAsync(ada));
    }

    [Fact]
    public async Task Wrong_codes_for_one_person_are_not_counted_against_another()
    {
        var (ada, eve) = (await NewEnrolledAsync(), await NewEnrolledAsync());
        for (var n = 0; n < 6; n++)
            await portal.CheckTotpAsync(eve.Person, WrongCode(eve));

        Assert.Null(await portal.CheckTotpAsync(ada.Person, ada.CodeAt(Now)));
    }

    [Fact]
    public async Task Right_codes_cost_nothing()
    {
        var ada = await NewEnrolledAsync();
        for (var n = 0; n < 20; n++, portal.Time.Advance(Step))
            Assert.Null(await portal.CheckTotpAsync(ada.Person, ada.CodeAt(Now)));
    }

    [Fact]
    public async Task A_person_without_an_app_has_no_right_code()
    {
        var person = await portal.NewPersonAsync();
        Assert.Equal(AuthErrors.TotpNotEnabled, await portal.CheckTotpAsync(person, "123456"));
    }

    [Theory]
    [InlineData("disabled_at = now()")]
    [InlineData("session_version = session_version + 1")]
    public async Task Whoever_was_disabled_or_signed_out_since_they_were_read_has_no_right_code(string change)
    {
        var ada = await NewEnrolledAsync();
        var user = await portal.ReadAsync(ada.Person);
        await portal.ExecuteAsync($"update users set {change} where id = @Id", new { ada.Person.Id });

        Assert.Equal(AuthErrors.InvalidCode, await portal.WithAsync<Authenticators, AuthError?>(
            a => a.UseAsync(user, ada.CodeAt(Now), default)));
        Assert.False(await portal.WithAsync<RecoveryCodes, bool>(
            codes => codes.UseAsync(user, ada.RecoveryCodes[0], default)));
    }

    private DateTimeOffset Now => portal.Time.GetUtcNow();

    /// <summary>A minute after the code that confirmed it, so that all codes around now are unused.</summary>
    private async Task<Enrolled> NewEnrolledAsync()
    {
        var enrolled = await portal.NewEnrolledAsync();
        portal.Time.Advance(4 * Step);
        return enrolled;
    }

    /// <summary>None of the five around now.</summary>
    private string WrongCode(Enrolled ada) => Enumerable.Range(0, 6).Select(n => $"{n}00000")
        .First(code => Enumerable.Range(-2, 5).All(step => ada.CodeAt(Now + step * Step) != code));

    private Task<int> EventsAsync(Enrolled ada, string type) => portal.ScalarAsync<int>(
        "select count(*)::int from audit_events join audit_details using (seq) where user_id = @Id and type = @type",
        new { ada.Person.Id, type });

    private async Task<int> WarningsAsync(Enrolled ada) => (await portal.MailToAsync(ada.Person.Email))
        .Count(mail => mail.Subject == "Somebody is guessing your sign-in codes");
}
