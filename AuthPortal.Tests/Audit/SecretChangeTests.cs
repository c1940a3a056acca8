using AuthPortal.Tests.CommandLine;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Audit;

/// <summary>The chain outlives every secret; only its head is signed, and a change that was not told shows.</summary>
public sealed class SecretChangeTests(TimelessPortal portal) : IClassFixture<TimelessPortal>
{
    private const string Newer = "Xq7pR2mVn9sKd4wZtY6bJ3hGcL8fA1eU";

    [Fact]
    public async Task A_secret_changed_as_documented_keeps_the_log_vouched_for_and_one_changed_at_once_does_not()
    {
        await portal.RecordAsync(3);
        Assert.True((await portal.VerifyAsync()).IsSound);

        Portal last = portal;
        foreach (var secrets in (string[])[$"1:{Portal.Secret},2:{Newer}", $"2:{Newer},1:{Portal.Secret}", $"2:{Newer}"])
        {
            last = With(secrets);
            Assert.True((await last.VerifyAsync()).IsSound, secrets[..1]);
            await last.SealAsync(); // as at every start, be there anything to seal or not
            Assert.True((await last.VerifyAsync()).IsSound, secrets[..1]);
        }

        Assert.Equal("unsigned", (await portal.VerifyAsync()).Kind); // it has the old secret alone
        await last.RecordAsync(2);
        Assert.True((await last.VerifyAsync()).IsSound);

        var stranger = With($"3:{Newer[..^1]}x");
        var before = await stranger.VerifyAsync();
        Assert.Equal("unsigned", before.Kind);
        await stranger.RecordAsync(1);
        var after = await stranger.VerifyAsync();
        Assert.Equal((2, "unsigned"), (after.ExitCode, after.Kind)); // building upon it has not made it good
        await stranger.RecordAsync(1);
        Assert.True((await stranger.VerifyAsync(expect: after.Head)).IsSound); // who knows why says so
    }

    [Fact]
    public async Task Under_another_address_the_log_is_unsigned_and_the_words_say_that_this_may_be_why()
    {
        await portal.RecordAsync(1);
        var moved = portal.Sibling(sibling => sibling.Settings["Portal:PublicUrl"] = "https://moved.test");

        var answer = await moved.RunAsync("audit verify");

        Assert.Contains("or not its Portal__PublicUrl (https://moved.test)", answer.Answer);
    }

    private Portal With(string secrets) => portal.Sibling(sibling => sibling.Settings["BETTER_AUTH_SECRETS"] = secrets);
}
