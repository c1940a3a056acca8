using System.Net;
using System.Reflection;
using AuthPortal.Tests.Support;
using AuthPortal.Tokens;
using AuthPortal.Users;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static AuthPortal.Tests.Features.LinkKind;

namespace AuthPortal.Tests.Features;

/// <summary>Every kind of mailed link against everything that may be wrong with one: no pair is left out.</summary>
public sealed class LinkMatrixTests(PatientPortal portal) : IClassFixture<PatientPortal>
{
    // What is no fault, by design, and why.
    private static readonly Dictionary<(string Kind, string Fault), string> ByDesign = new()
    {
        [(nameof(TokenKind.EmailVerification), "used twice")] =
            "It says that the address is confirmed, as it is, and changes nothing.",
        [(nameof(TokenKind.EmailVerification), "password changed")] =
            "It proves the address alone: the password is asked for besides, as it is now.",
        [(nameof(TokenKind.EmailChangeUndo), "password changed")] =
            "Who stole the account changes its password too: the way back must outlive that.",
        [(nameof(TokenKind.FactorUndo), "password changed")] = "The same.",
    };

    private static readonly TokenKind[] RaisesVersion =
        [TokenKind.PasswordReset, TokenKind.EmailChangeUndo, TokenKind.FactorUndo];

    private static readonly string[] Faults =
        ["used twice", "expired", "tampered", "another kind", "another person", "password changed"];

    public static TheoryData<string> Kinds() => [.. All.Keys];

    public static TheoryData<string, string> Pairs()
    {
        var pairs = new TheoryData<string, string>();
        foreach (var kind in All.Keys)
        {
            foreach (var fault in Faults)
                pairs.Add(kind, fault);
        }

        return pairs;
    }

    [Fact]
    public void Every_kind_of_link_that_is_mailed_is_among_them() => Assert.Equal(
        typeof(TokenKind).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(TokenKind))
            .Select(field => field.Name)
            .Except(
            [
                nameof(TokenKind.Refresh), nameof(TokenKind.SignUpBrowser), nameof(TokenKind.PendingSignIn),
                nameof(TokenKind.TrustedDevice), nameof(TokenKind.KnownDevice), nameof(TokenKind.PasskeyRegistration),
                nameof(TokenKind.PasskeySignUp), nameof(TokenKind.PasskeyAssertion),
                nameof(TokenKind.AuthenticatorSetup), nameof(TokenKind.Notice),
            ])
            .Order(StringComparer.Ordinal),
        All.Keys.Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Pairs))]
    public async Task What_is_wrong_with_a_link_is_refused_with_the_way_on_and_changes_nothing(string name, string fault)
    {
        var (kind, ada) = (All[name], await portal.NewPersonAsync());
        var link = await kind.MailAsync(portal, ada);
        var tokens = await SpoilAsync(kind, fault, ada, link);
        var form = portal.Browser();
        await form.OpenAsync(await kind.MailAsync(portal, await portal.NewPersonAsync()));
        await portal.SettledAsync(); // what is given back after an answer is
        var before = await portal.DigestsAsync();

        string? wayOn = null;
        foreach (var token in tokens)
        {
            var browser = portal.Browser();
            await browser.OpenAsync($"{kind.Page}?token={token}");
            if (ByDesign.ContainsKey((name, fault)))
            {
                Assert.Equal(HttpStatusCode.OK, browser.Status);
                Assert.Equal("", browser.Summary);
            }
            else
            {
                wayOn = await kind.RefusedAsync(browser, wayOn);
                wayOn = await kind.RefusedAsync(await SendAsync(kind, form, token), wayOn);
                if (kind.Kind == TokenKind.PasswordReset)
                    await RefusedToAProgramAsync(token);
            }
        }

        if (fault == "tampered")
        {
            var browser = portal.Browser();
            await browser.OpenAsync(kind.Page);
            await kind.RefusedAsync(browser, wayOn);
        }

        Assert.Equal(before, await portal.DigestsAsync());
        if (ByDesign.ContainsKey((name, fault)) && fault != "used twice")
        {
            var browser = portal.Browser();
            await browser.OpenAsync(link);
            await browser.SubmitAsync(kind.Button, [.. kind.Fields.Select(field => (field.Label, NewPassword))]);
            Assert.True(IsDone(browser), browser.Text);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Opened_by_whoever_is_signed_in_it_concerns_its_own_person_alone(string name)
    {
        var (kind, ada) = (All[name], await portal.NewPersonAsync());
        var browser = portal.Browser();
        var grace = await browser.SignUpAsync("Grace");
        var link = await kind.MailAsync(portal, ada);
        var before = await RowAsync(grace);

        await kind.UseAsync(browser, link);

        Assert.True(IsDone(browser), browser.Text);
        Assert.Equal(before, await RowAsync(grace));
        await browser.OpenAsync("/account");
        Assert.Contains(grace, browser.Text, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Fetching_it_five_times_changes_nothing_in_any_table_and_tells_no_other_site(string name)
    {
        var (kind, ada) = (All[name], await portal.NewPersonAsync());
        var link = await kind.MailAsync(portal, ada);
        string[] paths =
        [
            link,
            $"/api/auth/verify-email?token={TokenOf(link)}&callbackURL=%2Fx",
            $"/api/auth/reset-password/{TokenOf(link)}?callbackURL=%2Fx",
            $"/api/auth/delete-user/callback?token={TokenOf(link)}&callbackURL=%2Fx",
        ];
        await portal.SettledAsync(); // what is given back after an answer is
        var before = await portal.DigestsAsync();

        for (var time = 0; time < 5; time++)
        {
            foreach (var path in paths)
            {
                var answer = await portal.Stranger().GetAsync(path);
                if (path == link)
                {
                    Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                    Assert.Equal("no-referrer", answer.Header("Referrer-Policy"));
                    Assert.True(answer.Headers.CacheControl?.NoStore);
                }

                await ada.Http.GetAsync(path);
                await portal.Stranger().SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
            }
        }

        await portal.SettledAsync();
        Assert.Equal(before, await portal.DigestsAsync());
        await kind.UseAsync(portal.Browser(), link);
        Assert.NotEqual(before, await portal.DigestsAsync());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Of_ten_uses_at_once_one_succeeds_and_is_told_of_once(string name)
    {
        var (kind, ada) = (All[name], await portal.NewPersonAsync());
        var link = await kind.MailAsync(portal, ada);
        var (events, version) = (await EventsAsync(), await VersionAsync(ada));
        var last = await portal.ScalarAsync<string>("select max(id::text) from outbox");
        var browsers = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            var browser = portal.Browser();
            await browser.OpenAsync(link);
            return browser;
        }));

        await Task.WhenAll(browsers.Select(browser => browser.SubmitAsync(kind.Button, kind.Fields)));

        // A confirmed address is confirmed, whoever asks.
        var isVerification = kind.Kind == TokenKind.EmailVerification;
        Assert.Equal(isVerification ? 10 : 1, browsers.Count(IsDone));
        string? wayOn = null;
        foreach (var browser in browsers.Where(browser => !IsDone(browser)))
            wayOn = await kind.RefusedAsync(browser, wayOn);
        Assert.Equal(events + 1, await EventsAsync());
        Assert.Equal(isVerification ? 0 : 1, await portal.ScalarAsync<long>(
            "select count(*) from outbox where id::text > @last", new { last }));
        Assert.Equal(
            kind.Kind == TokenKind.AccountDeletion ? 0
                : version + (RaisesVersion.Contains(kind.Kind) ? 1 : 0),
            await VersionAsync(ada));
    }

    /// <returns>What is to be refused.</returns>
    private async Task<IReadOnlyList<string>> SpoilAsync(LinkKind kind, string fault, Person ada, string link)
    {
        var token = TokenOf(link);
        switch (fault)
        {
            case "used twice":
                await kind.UseAsync(portal.Browser(), link);
                return [token];
            case "expired":
                await portal.AdvanceAsync(kind.Lifetime + TimeSpan.FromMinutes(1)); // the hourly round is over, too
                return [token];
            case "tampered":
                var parts = token.Split('.');
                return
                [
                    $"{parts[0]}.{parts[1]}.", $"{parts[0]}.{parts[1]}", $"{token}A", $"{token}=", $"{token}%20",
                    $"{parts[0]}.{Flip(parts[1])}.{parts[2]}", $"{parts[0]}.{parts[1]}.{Flip(parts[2])}", "nope", "",
                ];
            case "another kind":
                var others = new List<string> { ada.AccessToken, ada.RefreshToken };
                foreach (var other in All.Values.Where(other => other != kind))
                {
                    // Hers, and good for what it was mailed for; but a changed address has another mailbox.
                    var isHers = kind.Kind != TokenKind.EmailChangeUndo && other.Kind != TokenKind.EmailChangeUndo;
                    var person = isHers ? ada : await portal.NewPersonAsync();
                    others.Add(TokenOf(await other.MailAsync(portal, person)));
                }

                return others;
            case "another person":
                // Signed by the portal itself: the id is one person's, what it would change another's.
                var grace = await FindAsync((await portal.NewPersonAsync("Grace")).Id);
                var mine = await FindAsync(ada.Id);
                var subject = kind.Kind == TokenKind.PasswordReset
                    ? OneTimeLinks.FingerprintOf(mine.EmailCanonical)
                    : Api.NewEmail();
                var theirs = TokenOf(await kind.MailAsync(portal, await portal.NewPersonAsync("Grace")));
                return
                [
                    portal.Services.GetRequiredService<OneTimeLinks>()
                        .Make(kind.Kind, mine.Id, kind.Text(grace), TimeSpan.FromHours(1), subject),
                    $"{token.Split('.')[0]}.{theirs.Split('.')[1]}.{token.Split('.')[2]}",
                ];
            default:
                await portal.Stranger().SendAsync(
                    HttpMethod.Post, "/api/auth/change-password", ada.AccessToken,
                    new { currentPassword = Api.Password, newPassword = NewPassword });
                return [token];
        }
    }

    /// <summary>The form as a good link's page has it, sent to the bad one's address.</summary>
    private static async Task<PlainBrowser> SendAsync(LinkKind kind, PlainBrowser form, string token)
    {
        foreach (var (label, value) in kind.Fields)
            form.Fill(label, value);
        using var good = form.Request(kind.Button);
        var handler = good.RequestUri!.Query.TrimStart('?').Split('&')
            .Where(part => part.StartsWith("handler=", StringComparison.Ordinal));
        using var bad = new HttpRequestMessage(
            HttpMethod.Post, $"{kind.Page}?{string.Join('&', handler.Append($"token={token}"))}")
        { Content = good.Content };
        foreach (var header in good.Headers)
            bad.Headers.Add(header.Key, header.Value);
        var tab = form.NewTab();
        await tab.SendAsync(bad);
        return tab;
    }

    private async Task RefusedToAProgramAsync(string token)
    {
        var answer = await portal.Stranger().PostAsync(
            "/api/auth/reset-password", new { newPassword = NewPassword, token });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("INVALID_TOKEN", await answer.TextAsync("code"));
    }

    private static string Flip(string part) => (part[0] == 'A' ? 'B' : 'A') + part[1..];

    private async Task<User> FindAsync(Guid id)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<MailedProofStore>().FindAsync(id, default))!;
    }

    /// <summary>But for the passwords that were judged on the way: each leaves its own.</summary>
    private Task<long> EventsAsync() =>
        portal.ScalarAsync<long>("select count(*) from audit_events where type <> 'password-confirmed'");

    private Task<int> VersionAsync(Person person) =>
        portal.ScalarAsync<int>("select session_version from users where id = @Id", new { person.Id });

    private async Task<string> RowAsync(string email) => (await portal.ScalarAsync<string>(
        "select to_jsonb(users)::text from users where email = @email", new { email }))!;
}
