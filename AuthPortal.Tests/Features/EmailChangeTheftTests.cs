using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>A change of address hands nobody's account, and nobody's address, to somebody else.</summary>
public sealed class EmailChangeTheftTests(MailedPortal portal) : IClassFixture<MailedPortal>
{
    private const string Confirm = "Confirm this address";

    [Fact]
    public async Task A_stranger_who_opens_the_link_by_mistake_vouches_for_nobody()
    {
        var (thief, victim, address) = (await portal.NewPersonAsync("Eve"), portal.Browser(), Api.NewEmail());
        await AskAsync(thief, address);
        var link = (await OnlyMailAsync(address)).Link;

        await victim.OpenAsync(link);
        await victim.SubmitAsync(Confirm);
        Assert.Equal(HttpStatusCode.BadRequest, victim.Status);
        Assert.Equal("Enter the password of that account.", victim.ProblemOf("Password"));
        await victim.SubmitAsync(Confirm, ("Password", "what the victim chose elsewhere"));
        Assert.NotEqual("", victim.ProblemOf("Password"));
        await victim.SignUpAsync();
        await victim.OpenAsync(link);
        await victim.SubmitAsync(Confirm);

        Assert.Equal(HttpStatusCode.BadRequest, victim.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Stranger().SignInAsync(address)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().SignInAsync(thief.Email)).StatusCode);
    }

    [Fact]
    public async Task Elsewhere_the_password_shows_that_it_is_one_and_the_same_person()
    {
        var (ada, phone, newer) = (await portal.NewPersonAsync(), portal.Browser(), Api.NewEmail());
        await AskAsync(ada, newer);

        await phone.OpenAsync((await OnlyMailAsync(newer)).Link);
        await phone.SubmitAsync(Confirm, ("Password", Api.Password));

        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().SignInAsync(newer)).StatusCode);
    }

    [Fact]
    public async Task A_new_password_ends_a_change_that_somebody_else_has_asked_for()
    {
        var (ada, newer) = (await portal.NewPersonAsync(), Api.NewEmail());
        await AskAsync(ada, newer);
        var (link, browser, late) = ((await OnlyMailAsync(newer)).Link, portal.Browser(), portal.Browser());
        await browser.OpenAsync(link);
        var change = await ada.Http.PostAsync(
            "/api/auth/change-password", new { currentPassword = Api.Password, newPassword = "another one altogether" });
        Assert.Equal(HttpStatusCode.OK, change.StatusCode);

        await browser.SubmitAsync(Confirm, ("Password", "another one altogether"));
        await late.OpenAsync(link);

        Assert.StartsWith("This link no longer works:", browser.Summary, StringComparison.Ordinal);
        Assert.StartsWith("This link no longer works:", late.Summary, StringComparison.Ordinal);
        Assert.Equal(
            HttpStatusCode.OK, (await portal.Stranger().SignInAsync(ada.Email, "another one altogether")).StatusCode);
    }

    [Fact]
    public async Task Who_takes_an_address_back_shares_the_account_with_nobody_who_knew_the_password()
    {
        const string newPassword = "staple battery horse";
        var (thief, newer, owner) = (portal.Browser(), Api.NewEmail(), portal.Browser());
        var old = await thief.SignUpAsync();
        await thief.OpenAsync("/account/email");
        await thief.SubmitAsync("Change address", ("New email", newer), ("Current password", Api.Password));
        await thief.OpenAsync((await OnlyMailAsync(newer)).Link);
        await thief.SubmitAsync(Confirm);

        await owner.OpenAsync((await portal.MailToAsync(old))[^1].Link);
        await owner.SubmitAsync("Undo the change");
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Stranger().SignInAsync(old)).StatusCode);

        await owner.FollowAsync("Choose a new password");
        Assert.Equal("/forgot-password", owner.Url.AbsolutePath);
        await owner.SubmitAsync("Send the link", ("Email", old));
        await owner.OpenAsync((await portal.MailToAsync(old))[^1].Link);
        await owner.SubmitAsync("Set password", ("New password", newPassword));
        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().SignInAsync(old, newPassword)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Stranger().SignInAsync(newer, newPassword)).StatusCode);
    }

    private Task<HttpResponseMessage> AskAsync(Person person, string newEmail) =>
        portal.Stranger().SendAsync(HttpMethod.Post, "/api/auth/change-email", person.AccessToken, new { newEmail });

    private async Task<KeptMail> OnlyMailAsync(string address) => Assert.Single(await portal.MailToAsync(address));
}
