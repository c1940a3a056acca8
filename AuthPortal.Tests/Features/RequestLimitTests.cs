using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>How much one address, one block and one mailbox may ask for.</summary>
public sealed class RequestLimitTests(AddressedPortal portal) : IClassFixture<AddressedPortal>
{
    [Fact]
    public async Task One_password_tried_on_many_accounts_gets_an_address_fifty_tries_and_its_block_more()
    {
        var fromOne = await SprayAsync(60, _ => "203.0.113.9");
        Assert.Equal(50, fromOne.Count(a => a == HttpStatusCode.Unauthorized));
        Assert.Equal(10, fromOne.Count(a => a == HttpStatusCode.TooManyRequests));

        var fromItsBlock = await SprayAsync(110, n => $"203.0.113.{20 + n}");
        Assert.Equal(100, fromItsBlock.Count(a => a == HttpStatusCode.Unauthorized));
        Assert.Equal([HttpStatusCode.Unauthorized], await SprayAsync(1, _ => "203.0.114.9"));
    }

    [Fact]
    public async Task A_person_with_one_prefix_of_ipv6_has_all_its_addresses_and_one_budget()
    {
        var answers = await SprayAsync(160, n => $"2001:db8:0:7::{n + 1:x}");
        Assert.Equal(150, answers.Count(a => a == HttpStatusCode.Unauthorized));
        Assert.Equal([HttpStatusCode.Unauthorized], await SprayAsync(1, _ => "2001:db8:0:8::1"));
    }

    [Fact]
    public async Task An_address_of_the_network_signs_up_thirty_people_and_then_waits()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(
            _ => portal.From("198.51.100.1").SignUpAsync(Api.NewEmail())));
        Assert.Equal(30, answers.Count(a => a.IsSuccessStatusCode));
        Assert.Equal(2, answers.Count(a => a.StatusCode == HttpStatusCode.TooManyRequests));
        Assert.Equal(HttpStatusCode.OK, (await portal.From("198.51.101.1").SignUpAsync(Api.NewEmail())).StatusCode);
    }

    [Fact]
    public async Task No_stranger_uses_up_the_sign_up_of_an_address()
    {
        var email = Api.NewEmail();
        for (var n = 0; n < 20; n++)
            await portal.Stranger().SignUpAsync(email, password: "short");

        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().SignUpAsync(email)).StatusCode);
    }

    [Fact]
    public async Task A_mailbox_is_written_to_five_times_about_a_change_whoever_asks_and_be_it_taken_or_free()
    {
        var taken = (await portal.NewPersonAsync()).Email;
        for (var n = 0; n < 6; n++)
            await portal.Stranger().SignUpAsync(taken);
        foreach (var newEmail in (string[])[taken, Api.NewEmail()])
        {
            // Of strangers' sign-ups, which count apart: or they would stop who moves to this address.
            var mails = (await portal.MailToAsync(newEmail)).Count;
            for (var n = 0; n < 5; n++)
                Assert.Equal(HttpStatusCode.OK, await AskAsync(newEmail));
            Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync(newEmail));
            Assert.Equal(mails + 5, (await portal.MailToAsync(newEmail)).Count);
        }

        async Task<HttpStatusCode> AskAsync(string newEmail) =>
            (await (await portal.NewPersonAsync()).Http.PostAsync("/api/auth/change-email", new { newEmail })).StatusCode;
    }

    [Theory]
    [InlineData("/api/auth/request-password-reset", "192.0.2.1")]
    [InlineData("/api/auth/send-verification-email", "192.0.3.1")]
    public async Task Letters_are_limited_by_who_asks_and_never_by_whose_they_are(string path, string address)
    {
        var email = (await portal.NewPersonAsync()).Email;
        var answers = await Task.WhenAll(Enumerable.Range(0, 22).Select(
            _ => portal.From(address).PostAsync(path, new { email })));
        Assert.Equal(20, answers.Count(a => a.StatusCode == HttpStatusCode.OK));
        Assert.Equal(2, answers.Count(a => a.StatusCode == HttpStatusCode.TooManyRequests));

        Assert.Equal(HttpStatusCode.OK, (await portal.From("192.0.4.1").PostAsync(path, new { email })).StatusCode);
    }

    [Fact]
    public async Task Five_new_addresses_are_written_to_for_one_person_and_then_they_wait()
    {
        var ada = await portal.NewPersonAsync();
        async Task<HttpStatusCode> AskAsync() =>
            (await ada.Http.PostAsync("/api/auth/change-email", new { newEmail = Api.NewEmail() })).StatusCode;

        for (var n = 0; n < 5; n++)
            Assert.Equal(HttpStatusCode.OK, await AskAsync());
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync());
    }

    [Fact]
    public async Task Links_are_followed_up_thirty_times_from_an_address()
    {
        var ada = await portal.NewPersonAsync();
        await portal.Stranger().PostAsync("/api/auth/request-password-reset", new { email = ada.Email });
        var token = (await portal.MailToAsync(ada.Email))[^1].Link.Split("token=")[1];

        var answers = await Task.WhenAll(Enumerable.Range(0, 31).Select(_ => portal.From("192.0.5.1").PostAsync(
            "/api/auth/reset-password", new { token, newPassword = "short" })));
        Assert.Equal(30, answers.Count(a => a.StatusCode == HttpStatusCode.BadRequest));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Who_knows_the_password_and_guesses_codes_does_not_keep_the_owner_out()
    {
        var ada = await portal.NewPersonAsync();
        var app = await ada.Http.EnableAsync();
        await ada.Http.TwoFactorAsync("verify-totp", new { code = app.CodeAt(portal.Time.GetUtcNow()) });
        var thief = portal.Program();
        (await thief.SignInAsync(ada.Email)).EnsureSuccessStatusCode();
        for (var n = 0; n < 5; n++)
            await thief.TwoFactorAsync("verify-totp", new { code = "000000" });
        Assert.Equal(
            HttpStatusCode.TooManyRequests, (await thief.TwoFactorAsync("verify-totp", new { code = "000000" })).StatusCode);

        portal.Time.Advance(TimeSpan.FromSeconds(30));
        (await ada.Http.SignInAsync(ada.Email)).EnsureSuccessStatusCode();
        var code = app.CodeAt(portal.Time.GetUtcNow());
        Assert.Equal(HttpStatusCode.OK, (await ada.Http.TwoFactorAsync("verify-totp", new { code })).StatusCode);
    }

    /// <summary>One wrong password each for as many accounts.</summary>
    private async Task<HttpStatusCode[]> SprayAsync(int accounts, Func<int, string> address)
    {
        var answers = new List<HttpStatusCode>();
        foreach (var some in Enumerable.Range(0, accounts).Chunk(20)) // more would find the hashing queue full
        {
            answers.AddRange(await Task.WhenAll(some.Select(async n =>
                (await portal.From(address(n)).SignInAsync(Api.NewEmail(), "wrong password")).StatusCode)));
        }

        return [.. answers];
    }
}
