using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>Each kind of letter has a pace of its own, so that nobody keeps its owner from another kind.</summary>
public sealed class MailPaceTests(PatientPortal portal) : IClassFixture<PatientPortal>
{
    [Fact]
    public async Task A_link_to_a_page_that_is_not_there_keeps_nobody_from_a_link_to_ours()
    {
        var ada = await portal.NewPersonAsync();
        for (var n = 0; n < 2; n++)
            await AskForResetAsync(ada, redirectTo: "/nowhere");
        await AskForResetAsync(ada, redirectTo: null);

        var mails = await ResetsAsync(ada);
        Assert.Equal(2, mails.Count);
        Assert.Contains("callbackURL=%2Fnowhere", mails[0].Link, StringComparison.Ordinal);
        Assert.Contains("If the page does not open", mails[0].TextBody, StringComparison.Ordinal);
        Assert.StartsWith("/reset-password?token=", mails[1].Link, StringComparison.Ordinal);
        Assert.DoesNotContain("If the page does not open", mails[1].TextBody, StringComparison.Ordinal);
        var browser = portal.Browser();
        await browser.OpenAsync(mails[1].Link);
        await browser.SubmitAsync("Set password", ("New password", "staple battery horse"));
        Assert.Contains("Now sign in.", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_to_a_program_is_mailed_once_a_minute_too()
    {
        var ada = await portal.NewPersonAsync();
        await AskForResetAsync(ada, redirectTo: "/one");
        portal.Time.Advance(TimeSpan.FromSeconds(59));
        await AskForResetAsync(ada, redirectTo: "/another");
        Assert.Single(await ResetsAsync(ada));

        portal.Time.Advance(TimeSpan.FromSeconds(2));
        await AskForResetAsync(ada, redirectTo: "/another");
        Assert.Equal(2, (await ResetsAsync(ada)).Count);
    }

    [Fact]
    public async Task A_link_that_deletes_the_account_is_mailed_once_a_minute_and_told_in_the_log()
    {
        var ada = await portal.NewPersonAsync();
        for (var n = 0; n < 3; n++)
            Assert.Equal(HttpStatusCode.OK, (await AskForDeletionAsync(ada)).StatusCode);
        Assert.Equal((1, 1), await DeletionsAskedAsync(ada));

        portal.Time.Advance(TimeSpan.FromSeconds(61));
        await AskForDeletionAsync(ada);
        Assert.Equal((2, 2), await DeletionsAskedAsync(ada));
        var browser = portal.Browser();
        await browser.OpenAsync("/sign-in");
        await browser.SignInAsync(ada.Email);
        await browser.OpenAsync("/account/activity");
        Assert.Contains("A link that deletes the account was asked for", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_event_cannot_be_written_no_letter_is_either()
    {
        var ada = await portal.NewPersonAsync();
        await portal.ExecuteAsync(
            "alter table audit_events add constraint away check (type <> 'deletion-asked') not valid");
        try
        {
            Assert.Equal(HttpStatusCode.InternalServerError, (await AskForDeletionAsync(ada)).StatusCode);
            Assert.Equal((0, 0), await DeletionsAskedAsync(ada));
        }
        finally
        {
            await portal.ExecuteAsync("alter table audit_events drop constraint away");
        }

        Assert.Equal(HttpStatusCode.OK, (await AskForDeletionAsync(ada)).StatusCode);
        Assert.Equal((1, 1), await DeletionsAskedAsync(ada));
    }

    private async Task AskForResetAsync(Person person, string? redirectTo)
    {
        var asked = await portal.Stranger().PostAsync(
            "/api/auth/request-password-reset", new { email = person.Email, redirectTo });
        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
    }

    private async Task<IReadOnlyList<KeptMail>> ResetsAsync(Person person) =>
        [.. (await portal.MailToAsync(person.Email)).Where(mail => mail.Subject == "Choose a new password")];

    private Task<HttpResponseMessage> AskForDeletionAsync(Person person) =>
        portal.Stranger().SendAsync(HttpMethod.Post, "/api/auth/delete-user", person.AccessToken, new { });

    private async Task<(long Mails, long Events)> DeletionsAskedAsync(Person person) => (
        (await portal.MailToAsync(person.Email)).Count(mail => mail.Subject == "Delete your account?"),
        await portal.ScalarAsync<long>(
            """
            select count(*) from audit_events join audit_details using (seq)
             where user_id = @Id and type = 'deletion-asked'
            """,
            new { person.Id }));
}
