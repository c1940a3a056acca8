using AuthPortal.Tests.CommandLine;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>What people read of what happened to their account.</summary>
public sealed class ActivityTests(Portal portal) : IClassFixture<Portal>
{
    [Fact]
    public async Task A_person_reads_what_happened_to_their_account_and_to_no_other()
    {
        var (browser, other) = (portal.Browser(), portal.Browser());
        await other.SignUpAsync("Grace");
        var email = await browser.SignUpAsync();
        await portal.Stranger().SignInAsync(email, "not the password");
        await browser.SubmitAsync("Save profile", ("Name", "Ada Lovelace"));

        await browser.OpenAsync("/account/activity");

        Assert.Equal(
            ["The profile was changed", "Somebody tried to sign in and was refused", "Signed in", "You opened the account"],
            browser.Page.QuerySelectorAll("li h2").Select(h => h.TextContent));
        await other.OpenAsync("/account/activity");
        Assert.Equal(2, other.Page.QuerySelectorAll("li h2").Length);
    }

    [Fact]
    public async Task Whose_account_the_operator_opened_reads_so_and_of_no_device()
    {
        var email = Api.NewEmail();
        await portal.RunAsync($"users add {email}", "correct horse battery\n");
        var browser = portal.Browser();
        await browser.OpenAsync("/sign-in");
        await browser.SubmitAsync("Sign in", ("Email", email), ("Password", "correct horse battery"));

        await browser.OpenAsync("/account/activity");

        var opened = browser.Page.QuerySelector(".list > li:last-child")!;
        Assert.Equal("The operator opened this account for you", opened.QuerySelector("h2")!.TextContent);
        Assert.DoesNotContain("address", opened.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("program", opened.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forty_events_are_shown_and_of_what_a_stranger_can_cause_ten()
    {
        var browser = portal.Browser();
        var email = await browser.SignUpAsync();
        await HappensAsync(email, "an-event-of-tomorrow");
        await HappensAsync(email, "password-reset-requested");

        await browser.OpenAsync("/account/activity");

        var shown = browser.Page.QuerySelectorAll("li h2").Select(h => h.TextContent).ToList();
        Assert.Equal(50, shown.Count);
        Assert.Equal(40, shown.Count(what => what == "An event of tomorrow"));
        Assert.All(shown.Take(10), what => Assert.Equal("Password reset requested", what));
    }

    private Task HappensAsync(string email, string type) => portal.ExecuteAsync(
        """
        with event as (
            insert into audit_events (at, type, personal_digest)
            select now(), @type, sha256('') from generate_series(1, 60)
            returning seq
        )
        insert into audit_details (seq, user_id, details, salt)
        select seq, (select id from users where email = @email), '{}', '0123456789abcdef'::bytea from event
        """,
        new { email, type });
}
