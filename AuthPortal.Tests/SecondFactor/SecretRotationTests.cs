using AuthPortal.Tests.Support;
using AuthPortal.Web;
using Xunit;

namespace AuthPortal.Tests.SecondFactor;

/// <summary>A second factor outlives a change of the portal's secret, for as long as the old one is listed.</summary>
public sealed class SecretRotationTests(PatientPortal portal) : IClassFixture<PatientPortal>
{
    private const string NewSecret = "uZ3kT9vQ2mX7pL4sR8wY1nB6cF5hJ0dG";

    [Fact]
    public async Task Codes_of_both_kinds_go_on_under_a_new_secret_while_the_old_one_is_listed()
    {
        var ada = await portal.NewEnrolledAsync();
        var both = portal.Sibling(p => p.Settings["BETTER_AUTH_SECRETS"] = $"2:{NewSecret},1:{Portal.Secret}");
        portal.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Null(await both.CheckTotpAsync(ada.Person, ada.CodeAt(Now)));
        Assert.Null(await both.CheckRecoveryCodeAsync(ada.Person, ada.RecoveryCodes[0]));
        Assert.Equal(9, await both.CountLeftAsync(ada.Person));
    }

    [Fact]
    public async Task An_app_that_was_used_meanwhile_needs_the_old_secret_no_more()
    {
        var (ada, eve) = (await portal.NewEnrolledAsync(), await portal.NewEnrolledAsync());
        var both = portal.Sibling(p => p.Settings["BETTER_AUTH_SECRETS"] = $"2:{NewSecret},1:{Portal.Secret}");
        var newAlone = portal.Sibling(p => p.Settings["BETTER_AUTH_SECRETS"] = $"2:{NewSecret}");
        portal.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(await both.CheckTotpAsync(ada.Person, ada.CodeAt(Now)));
        var made = await both.ReplaceCodesAsync(await both.ReadAsync(ada.Person));
        portal.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Null(await newAlone.CheckTotpAsync(ada.Person, ada.CodeAt(Now)));
        Assert.Null(await newAlone.CheckRecoveryCodeAsync(ada.Person, made.Value![0]));
        Assert.Equal(AuthErrors.SecondFactorUnreadable, await newAlone.CheckTotpAsync(eve.Person, eve.CodeAt(Now)));
        Assert.Equal(
            AuthErrors.InvalidBackupCode, await newAlone.CheckRecoveryCodeAsync(eve.Person, eve.RecoveryCodes[0]));
    }

    [Fact]
    public async Task What_can_no_longer_be_read_costs_no_guess_and_can_be_removed_and_set_up_anew()
    {
        var ada = await portal.NewEnrolledAsync();
        var other = portal.Sibling(p => p.Settings["BETTER_AUTH_SECRET"] = NewSecret);
        portal.Time.Advance(TimeSpan.FromMinutes(2));
        for (var n = 0; n < 7; n++)
        {
            Assert.Equal(
                AuthErrors.SecondFactorUnreadable, await other.CheckTotpAsync(ada.Person, ada.CodeAt(Now)));
        }

        var removed = await other.RemoveAsync(await other.ReadAsync(ada.Person));
        var begun = SecondFactorCalls.Begun();
        var anew = ada with { Key = begun.Key };
        Assert.True((await other.ConfirmAsync(removed.Value!, begun, anew.CodeAt(Now))).Succeeded);
    }

    private DateTimeOffset Now => portal.Time.GetUtcNow();
}
