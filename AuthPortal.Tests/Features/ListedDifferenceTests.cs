using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>Differences from Better Auth that docs/better-auth.md lists and no recorded exchange shows.</summary>
public sealed class ListedDifferenceTests(PatientPortal portal) : IClassFixture<PatientPortal>
{
    [Fact]
    public async Task Blanks_around_an_address_are_left_out_wherever_one_is_sent()
    {
        var email = Api.NewEmail();
        var signedUp = await portal.Stranger().SignUpAsync($"  {email} ");
        Assert.Equal(HttpStatusCode.OK, signedUp.StatusCode);
        Assert.Equal(email, (await signedUp.JsonAsync())["user"]!["email"]!.GetValue<string>());

        Assert.Equal(
            HttpStatusCode.UnprocessableEntity, (await portal.Stranger().SignUpAsync($"\t{email}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().SignInAsync($" {email}")).StatusCode);
        await portal.Stranger().PostAsync("/api/auth/request-password-reset", new { email = $"{email}  " });
        Assert.Equal("Choose a new password", (await portal.MailToAsync(email))[^1].Subject);
    }

    [Fact]
    public async Task Another_address_is_asked_for_by_whoever_signed_in_within_the_last_ten_minutes()
    {
        var ada = await portal.NewPersonAsync();
        Assert.Equal(HttpStatusCode.OK, (await AskAsync()).StatusCode);

        await portal.AdvanceAsync(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));
        var stale = await AskAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, stale.StatusCode);
        Assert.Equal("SESSION_NOT_FRESH", await stale.TextAsync("code"));
        Assert.Contains("insufficient_user_authentication", stale.Header("WWW-Authenticate"), StringComparison.Ordinal);

        Task<HttpResponseMessage> AskAsync() => portal.Stranger().SendAsync(
            HttpMethod.Post, "/api/auth/change-email", ada.AccessToken, new { newEmail = Api.NewEmail() });
    }

    [Fact]
    public async Task An_account_is_not_deleted_without_a_body_but_its_link_is_mailed()
    {
        var ada = await portal.NewPersonAsync();
        var asked = await portal.Stranger().SendAsync(HttpMethod.Post, "/api/auth/delete-user", ada.AccessToken);

        Assert.Equal("Verification email sent", await asked.TextAsync("message"));
        Assert.Equal("Delete your account?", (await portal.MailToAsync(ada.Email))[^1].Subject);
        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().GetAsync("/api/me", ada.AccessToken)).StatusCode);
    }
}
