using System.Net;
using AuthPortal.Tests.Features;
using AuthPortal.Tests.Support;
using AuthPortal.Throttling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthPortal.Tests.Throttling;

/// <summary>
/// No budget is keyed by what its attacker can mint: for every rule there is, somebody who changes at every try all
/// that costs them nothing (cookies, spellings, sessions, resets, addresses within their block) is refused all the same.
/// </summary>
public sealed class BudgetSubjectTests(TightPortal portal) : IClassFixture<TightPortal>
{
    private const string Wrong = "a wrong password";

    private static int _blocks;

    /// <summary>
    /// One try against each rule, with everything new that its sender can have for nothing. What it takes to have a
    /// subject of one's own is said beside it.
    /// </summary>
    private static readonly Dictionary<string, Func<TightPortal, Task<Func<int, Task<HttpResponseMessage>>>>> Tries = new()
    {
        // An account of its own; a stranger has a new block of the network for each try.
        [nameof(ThrottleOptions.PasswordByAccount)] = async portal =>
        {
            var ada = await portal.NewPersonAsync();
            string[] spellings = [ada.Email, ada.Email.ToUpperInvariant(), $" {ada.Email} "];
            return n => portal.From($"{NewBlock()}.1").SignInAsync(spellings[n % 3], Wrong);
        },

        // A finished sign-in; a reset, which proves the mailbox alone, shares one with all others.
        [nameof(ThrottleOptions.PasswordByDevice)] = async portal =>
        {
            var ada = await portal.NewConfirmedPersonAsync();
            return async n =>
            {
                var http = portal.Program();
                await ResetAsync(portal, http, ada, $"staple battery horse {n}");
                return await http.SignInAsync(ada.Email, Wrong);
            };
        },

        // Even who signs in by a passkey for each try, and so has a device and a session of its own each time.
        [nameof(ThrottleOptions.PasswordAtMost)] = async portal =>
        {
            var (ada, passkey) = (await portal.NewPersonAsync(), new SoftwareAuthenticator());
            (await ada.Http.RegisterAsync(passkey)).EnsureSuccessStatusCode();
            return async _ =>
            {
                portal.Time.Advance(TimeSpan.FromSeconds(1));
                var http = portal.Program();
                (await http.SignInByPasskeyAsync(passkey)).EnsureSuccessStatusCode();
                return await http.PostAsync("/api/auth/verify-password", new { password = Wrong });
            };
        },
        [nameof(ThrottleOptions.PasswordByAddress)] = async portal =>
        {
            await Task.CompletedTask;
            var block = NewBlock();
            return _ => portal.From($"{block}.1").SignInAsync(Api.NewEmail(), Wrong);
        },
        [nameof(ThrottleOptions.PasswordByBlock)] = async portal =>
        {
            await Task.CompletedTask;
            var block = NewBlock();
            return n => portal.From($"{block}.{n + 1}").SignInAsync(Api.NewEmail(), Wrong);
        },

        // An account whose password is known: a new half-done sign-in for each try.
        [nameof(ThrottleOptions.SecondFactorByAccount)] = async portal =>
        {
            var (ada, _) = await EnrolledAsync(portal);
            return async _ =>
            {
                var http = portal.Program();
                await http.SignInAsync(ada.Email);
                return await http.TwoFactorAsync("verify-totp", new { code = "000000" });
            };
        },

        // As of passwords: a reset makes no device of its own.
        [nameof(ThrottleOptions.SecondFactorByDevice)] = async portal =>
        {
            var (ada, _) = await EnrolledAsync(portal);
            return async n =>
            {
                var http = portal.Program();
                var password = $"staple battery horse {n}";
                await ResetAsync(portal, http, ada, password);
                await http.SignInAsync(ada.Email, password);
                return await http.TwoFactorAsync("verify-totp", new { code = "000000" });
            };
        },

        // Even who finishes a sign-in for each try, and so has a device and a session of its own each time.
        [nameof(ThrottleOptions.SecondFactorAtMost)] = async portal =>
        {
            var (ada, app) = await EnrolledAsync(portal);
            return async _ =>
            {
                var http = portal.Program();
                await http.SignInAsync(ada.Email);
                portal.Time.Advance(TimeSpan.FromSeconds(30));
                await http.TwoFactorAsync("verify-totp", new { code = app.CodeAt(portal.Time.GetUtcNow()) });
                await portal.SettledAsync();
                return await http.TwoFactorAsync("verify-totp", new { code = "000000" });
            };
        },
        [nameof(ThrottleOptions.SignUpByAddress)] = async portal =>
        {
            await Task.CompletedTask;
            var block = NewBlock();
            return _ => portal.From($"{block}.1").SignUpAsync(Api.NewEmail());
        },
        [nameof(ThrottleOptions.SignUpByBlock)] = async portal =>
        {
            await Task.CompletedTask;
            var block = NewBlock();
            return n => portal.From($"{block}.{n + 1}").SignUpAsync(Api.NewEmail());
        },
        [nameof(ThrottleOptions.MailByAddress)] = async portal =>
        {
            await Task.CompletedTask;
            var block = NewBlock();
            return _ => AskForResetAsync(portal.From($"{block}.1"), Api.NewEmail());
        },
        [nameof(ThrottleOptions.MailByBlock)] = async portal =>
        {
            await Task.CompletedTask;
            var block = NewBlock();
            return n => AskForResetAsync(portal.From($"{block}.{n + 1}"), Api.NewEmail());
        },

        // A person: a new session and another new address for each try.
        [nameof(ThrottleOptions.MailByAccount)] = async portal =>
        {
            var ada = await portal.NewPersonAsync();
            return async _ =>
            {
                var http = portal.Program();
                await http.SignInAsync(ada.Email);
                return await http.PostAsync("/api/auth/change-email", new { newEmail = Api.NewEmail() });
            };
        },

        // A mailbox, in any spelling of it: another account of one's own for each try.
        [nameof(ThrottleOptions.MailByMailbox)] = async portal =>
        {
            await Task.CompletedTask;
            var newEmail = Api.NewEmail();
            return async n =>
            {
                var eve = await portal.NewPersonAsync("Eve");
                var spelled = n % 2 == 0 ? newEmail : newEmail.ToUpperInvariant();
                return await eve.Http.PostAsync("/api/auth/change-email", new { newEmail = spelled });
            };
        },
        [nameof(ThrottleOptions.LinkByAddress)] = async portal =>
        {
            var block = NewBlock();
            var follow = await LinkAsync(portal);
            return _ => follow(portal.From($"{block}.1"));
        },
        [nameof(ThrottleOptions.LinkByBlock)] = async portal =>
        {
            var block = NewBlock();
            var follow = await LinkAsync(portal);
            return n => follow(portal.From($"{block}.{n + 1}"));
        },
        [nameof(ThrottleOptions.PasskeyAnswer)] = async portal =>
        {
            await Task.CompletedTask;
            var block = NewBlock();
            return n => portal.From($"{block}.{n + 1}").PasskeyAsync(
                "verify-authentication", new { response = new { id = $"{n}" } });
        },
        // Somebody else's account: all sessions of the same person together have a budget, too.
        [nameof(ThrottleOptions.ChangesByPerson)] = async portal =>
        {
            var ada = await portal.NewPersonAsync();
            return async n => await (await AgainAsync(portal, ada)).PostAsync(
                "/api/auth/update-user", new { name = $"Ada {n}" });
        },
        [nameof(ThrottleOptions.LettersByPerson)] = async portal =>
        {
            var ada = await portal.NewPersonAsync();
            return async _ => await (await AgainAsync(portal, ada)).RegisterAsync(new SoftwareAuthenticator());
        },
        [nameof(ThrottleOptions.ReadsByPerson)] = async portal =>
        {
            var ada = await portal.NewPersonAsync();
            return async n => await (await AgainAsync(portal, ada)).GetAsync($"/api/auth/list-sessions?{n}");
        },
        [nameof(ThrottleOptions.DownloadsByPerson)] = async portal =>
        {
            var ada = await portal.NewPersonAsync();
            return async n => await (await AgainAsync(portal, ada)).GetAsync($"/account/data?handler=Download&{n}");
        },
        [nameof(ThrottleOptions.Flood)] = async portal =>
        {
            await Task.CompletedTask;
            var block = NewBlock();
            return n => portal.From($"{block}.{(n % 250) + 1}").PostAsync(
                $"/api/auth/verify-password?{n}", new { password = "x" });
        },
    };

    public static TheoryData<string> Rules() => [.. new ThrottleOptions().Rules().Select(rule => rule.Setting)];

    [Theory, MemberData(nameof(Rules))]
    public async Task Whoever_changes_all_that_costs_nothing_is_refused_all_the_same(string setting)
    {
        var tryAsync = await Tries[setting](portal);
        var rule = portal.Services.GetRequiredService<IOptions<ThrottleOptions>>().Value.Rules()
            .Single(each => each.Setting == setting).Rule;
        using var refused = new Readings(portal.Services);

        for (var n = 0; n < (4 * rule.Burst) + 10; n++)
        {
            var answer = await tryAsync(n);
            if (refused.Of(ThrottleMeter.RefusedCounter, $"rule={rule.Name}").Count > 0)
            {
                Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
                Assert.True(n >= rule.Burst, $"refused at try {n + 1} of a burst of {rule.Burst}");
                return;
            }
        }

        Assert.Fail($"{setting} refused nobody.");
    }

    private static async Task<HttpClient> AgainAsync(TightPortal portal, Person person)
    {
        var http = portal.Program();
        (await http.SignInAsync(person.Email)).EnsureSuccessStatusCode();
        return http;
    }

    private static string NewBlock()
    {
        var n = Interlocked.Increment(ref _blocks);
        return $"10.{n / 250}.{n % 250}";
    }

    /// <summary>Somebody with a confirmed address, whose app is on and shows a code that was not used yet.</summary>
    private static async Task<(Person Person, App App)> EnrolledAsync(TightPortal portal)
    {
        var person = await portal.NewConfirmedPersonAsync();
        var app = await person.Http.TurnOnAsync(portal.Time.GetUtcNow());
        portal.Time.Advance(TimeSpan.FromSeconds(30));
        return (person, app);
    }

    private static async Task ResetAsync(TightPortal portal, HttpClient http, Person person, string newPassword)
    {
        var token = LinkKind.TokenOf(await portal.MailResetLinkAsync(person.Email, http));
        (await http.PostAsync("/api/auth/reset-password", new { newPassword, token })).EnsureSuccessStatusCode();
    }

    /// <summary>Somebody's good link, followed with a password that will not do: it stays good.</summary>
    private static async Task<Func<HttpClient, Task<HttpResponseMessage>>> LinkAsync(TightPortal portal)
    {
        var person = await portal.NewPersonAsync();
        var token = LinkKind.TokenOf(await portal.MailResetLinkAsync(person.Email));
        return http => http.PostAsync("/api/auth/reset-password", new { newPassword = "short", token });
    }

    private static Task<HttpResponseMessage> AskForResetAsync(HttpClient http, string email) =>
        http.PostAsync("/api/auth/request-password-reset", new { email });
}
