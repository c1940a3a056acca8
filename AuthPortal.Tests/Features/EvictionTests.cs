using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json.Nodes;
using AuthPortal.Tests.CommandLine;
using AuthPortal.Tests.SecondFactor;
using AuthPortal.Tests.Support;
using AuthPortal.Tokens;
using AuthPortal.Users;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>
/// Every way into an account against everything that takes an account back: no pair is left out, and none that comes
/// to be is.
/// </summary>
public sealed class EvictionTests(PatientPortal portal) : IClassFixture<PatientPortal>
{
    private const string NewPassword = "staple battery horse";

    /// <summary>Each way in: what the portal has for it, and whether an intruder who has it still gets in.</summary>
    private static readonly Dictionary<string, Way> Ways = new()
    {
        ["a half-done sign-in"] = new(
            [nameof(TokenKind.PendingSignIn)],
            async intruder => await intruder.TriesAsync(intruder.Pending, "verify-totp", intruder.Code)),
        ["a passkey being made"] = new(
            [nameof(TokenKind.PasskeyRegistration)],
            async intruder => await intruder.MakesPasskeyAsync()),
        ["the password"] = new(
            [nameof(Proofs.Password)],
            async intruder => await IsTakenAsync(intruder, Api.Password)),
        ["a session"] = new(
            [nameof(TokenKind.Refresh)],
            async intruder => (await intruder.Http.GetAsync("/api/me")).IsSuccessStatusCode
                || (await intruder.Http.PostAsync("/api/auth/refresh", new { })).IsSuccessStatusCode),
        ["a passkey"] = new(
            [nameof(Proofs.Passkey), "passkeys"],
            async intruder => (await intruder.Portal.Program().SignInByPasskeyAsync(intruder.Passkey)).IsSuccessStatusCode),
        ["the authenticator app"] = new(
            [nameof(Proofs.Totp), "totp_credentials"],
            async intruder => await intruder.FindAsync() is not null
                && await intruder.Portal.CheckTotpAsync(intruder.Ada, intruder.Code) is null),
        ["a recovery code"] = new(
            [nameof(Proofs.RecoveryCode), "recovery_codes"],
            async intruder => await intruder.FindAsync() is not null
                && await intruder.Portal.CheckRecoveryCodeAsync(intruder.Ada, intruder.App.RecoveryCodes[0]) is null),
        ["a trusted device"] = new(
            [nameof(TokenKind.TrustedDevice)],
            async intruder => await intruder.FindAsync() is { } user
                && await intruder.Portal.WithAsync<TrustedDevices, bool>(d => d.IsTrustedAsync(intruder.Trusted, user))),
        ["a known device"] = new(
            [nameof(TokenKind.KnownDevice)],
            async intruder => await intruder.FindAsync() is { } user
                && await intruder.Portal.WithAsync<KnownDevices, string?>(d => d.FindAsync(intruder.Known, user)) is not null),
        ["a link to a new password"] = new(
            [nameof(TokenKind.PasswordReset)], intruder => intruder.OpensAsync(intruder.ResetLink)),
        ["a link to another address"] = new(
            [nameof(TokenKind.EmailChange)], intruder => intruder.OpensAsync(intruder.ChangeLink)),
        ["a link that deletes"] = new(
            [nameof(TokenKind.AccountDeletion)], intruder => intruder.OpensAsync(intruder.DeletionLink)),
    };

    /// <summary>The tables, kinds of token and proofs that let nobody in, each with its reason.</summary>
    private static readonly Dictionary<string, string> NoWayIn = new()
    {
        [nameof(TokenKind.EmailVerification)] = "It says that an address is its reader's, and asks for the password.",
        [nameof(TokenKind.SignUpBrowser)] = "It says that a browser signed up; the link is needed besides.",
        [nameof(TokenKind.EmailChangeUndo)] = "It is the owner's way back, and must outlive whatever a thief does.",
        [nameof(TokenKind.FactorUndo)] = "It only takes away.",
        [nameof(TokenKind.AuthenticatorSetup)] = "It counts in the session that began it alone, and ends with it (CeremonyTests).",
        [nameof(TokenKind.Notice)] = "It names what a page says once.",
        [nameof(TokenKind.PasskeySignUp)] = "It is of an account that is not there yet.",
        [nameof(TokenKind.PasskeyAssertion)] = "It is a challenge for whoever has the passkey.",
        [nameof(Proofs.None)] = "It proves nothing.",
        ["audit_details"] = "A report.",
        ["outbox"] = "Letters on their way; what their links open is among the ways.",
        ["revocations"] = "What ended.",
        ["session_sightings"] = "A report.",
    };

    /// <summary>The ways in that an eviction leaves open by design, each with its reason.</summary>
    private static readonly Dictionary<(string Eviction, string Way), string> ByDesign = new()
    {
        [("reset", "a passkey")] = "The mailbox alone must not get past what protects the account (ASVS 6.4.3). "
            + "The page lists what is young, and takes it away by the power that its letter has.",
        [("reset", "the authenticator app")] = "The same.",
        [("reset", "a recovery code")] = "The same.",
        [("reset-second-factor", "the password")] = "It is for who has lost a phone; whoever else was in is evicted.",
        [("reset-second-factor", "a link to a new password")] = "The same: it is the mailbox's.",
    };

    /// <summary>The ways in that nobody can have when that eviction comes, each with its reason.</summary>
    private static readonly Dictionary<(string Eviction, string Way), string> NeverOpen = new()
    {
        [("undo of an address", "a link to another address")] =
            "For 72 hours after a change none is mailed (EMAIL_CHANGED_RECENTLY).",
    };

    public static TheoryData<string> Evictions() =>
        ["reset", "reset of an unconfirmed account", "undo of an address", "undo of a factor", "reset-second-factor", "evict", "erasure"];

    [Theory, MemberData(nameof(Evictions))]
    public async Task It_ends_every_way_in(string eviction)
    {
        var one = await Intruder.EnterAsync(portal, eviction);
        foreach (var (name, way) in Ways)
        {
            Assert.True(
                await way.IsOpenAsync(one) != NeverOpen.ContainsKey((eviction, name)), $"{name} is not as it should be");
            portal.Time.Advance(TimeSpan.FromSeconds(30)); // to the app's next code
        }

        var intruder = await Intruder.EnterAsync(portal, eviction);
        await EvictAsync(eviction, intruder);

        var open = new List<string>();
        foreach (var (name, way) in Ways)
        {
            if (await way.IsOpenAsync(intruder))
                open.Add(name);
        }

        Assert.Equal(
            ByDesign.Keys.Where(each => each.Eviction == eviction).Select(each => each.Way).Order(StringComparer.Ordinal),
            open.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_table_about_people_every_kind_of_token_and_every_proof_is_a_way_in_or_is_none_for_a_reason()
    {
        var tables = await portal.ListAsync<string>(
            """
            select distinct table_name::text
              from information_schema.columns
             where table_schema = 'public' and column_name = 'user_id'
            """);
        var kinds = typeof(TokenKind).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(TokenKind)).Select(field => field.Name);
        var there = tables.Concat(kinds).Concat(Enum.GetNames<Proofs>());

        Assert.Equal(
            Ways.Values.SelectMany(way => way.Of).Concat(NoWayIn.Keys).Order(StringComparer.Ordinal),
            there.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_way_in_that_has_rows_is_on_the_list_that_evictions_walk()
    {
        await using var scope = portal.Services.CreateAsyncScope();
        var walked = scope.ServiceProvider.GetServices<IWayIn>().SelectMany(way => way.Tables);

        Assert.Equal(
            Ways.Values.SelectMany(way => way.Of).Where(name => char.IsLower(name[0])).Order(StringComparer.Ordinal),
            walked.Order(StringComparer.Ordinal));
        Assert.Empty(await portal.ListAsync<string>(
            """
            select conrelid::regclass::text from pg_constraint
             where confrelid = 'users'::regclass and confdeltype <> 'c'
            """)); // whoever is erased takes all rows along
    }

    private async Task EvictAsync(string eviction, Intruder intruder)
    {
        var ada = intruder.Ada;
        switch (eviction)
        {
            case "undo of an address":
                await UseAsync("Your email address was changed", ada, "Undo the change");
                break;
            case "undo of a factor":
                await UseAsync("A passkey was added to your account", ada, "Remove it");
                break;
            case "reset-second-factor" or "evict":
                Assert.Equal(0, (await portal.RunAsync($"users {eviction} {ada.Email}")).ExitCode);
                break;
            case "erasure":
                var deleted = await intruder.Http.PostAsync("/api/auth/delete-user", new { password = Api.Password });
                Assert.Equal("User deleted", await deleted.TextAsync("message"));
                break;
            default:
                var token = LinkKind.TokenOf(await portal.MailResetLinkAsync(ada.Email));
                (await portal.Stranger().PostAsync("/api/auth/reset-password", new { newPassword = NewPassword, token }))
                    .EnsureSuccessStatusCode();
                break;
        }

        await portal.SettledAsync();
    }

    private async Task UseAsync(string subject, Person ada, string button)
    {
        var browser = portal.Browser();
        await browser.OpenAsync((await portal.MailToAsync(ada.Email)).Last(mail => mail.Subject == subject).Link);
        await browser.SubmitAsync(button);
        Assert.True(LinkKind.IsDone(browser), browser.Text);
    }

    private static async Task<bool> IsTakenAsync(Intruder intruder, string password)
    {
        var user = await intruder.FindAsync();
        var answer = await intruder.Portal.Program().SignInAsync(user?.Email ?? intruder.Ada.Email, password);
        return answer.StatusCode == HttpStatusCode.OK;
    }

    /// <param name="Of">The tables, the kinds of token and the proofs that belong to it.</param>
    private sealed record Way(string[] Of, Func<Intruder, Task<bool>> IsOpenAsync);

    /// <summary>Somebody who was in Ada's account, knew her password, read her mail, and kept all there is to keep.</summary>
    private sealed class Intruder
    {
        public required PatientPortal Portal { get; init; }

        public required Person Ada { get; init; }

        public SoftwareAuthenticator Passkey { get; } = new();

        private static string Url => Support.Portal.Url;

        private JsonObject _made = [];
        private string _registration = "";

        public HttpClient Http { get; private set; } = null!;

        public App App { get; private set; } = null!;

        public string Session { get; private set; } = "";

        public string Trusted { get; private set; } = "";

        public string Known { get; private set; } = "";

        public string Pending { get; private set; } = "";

        public string ResetLink { get; private set; } = "";

        public string ChangeLink { get; private set; } = "";

        public string DeletionLink { get; private set; } = "";

        public string Code => App.CodeAt(Now);

        public DateTimeOffset Now => Portal.Time.GetUtcNow();


        /// <param name="eviction">What will be done about it.</param>
        public static async Task<Intruder> EnterAsync(PatientPortal portal, string eviction)
        {
            var intruder = new Intruder { Portal = portal, Ada = await portal.NewPersonAsync() };
            if (eviction != "reset of an unconfirmed account")
                await portal.ConfirmAddressAsync(intruder.Ada);

            await intruder.TakeAllAsync(movesAddress: eviction == "undo of an address");
            return intruder;
        }

        public Task<User?> FindAsync() => Portal.WithAsync<UserStore, User?>(users => users.FindOwnAsync(Ada.Id, Ada.Id, default));

        public async Task<bool> OpensAsync(string link) => (await Portal.Stranger().GetAsync(link)).IsSuccessStatusCode;

        public async Task<bool> TriesAsync(string cookies, string what, string code)
        {
            using var request = Visit.Request(
                HttpMethod.Post, $"/api/auth/two-factor/{what}", ("Cookie", cookies), ("Origin", Url));
            request.Content = JsonContent.Create(new { code });
            return (await Portal.Stranger().SendAsync(request)).IsSuccessStatusCode;
        }

        public async Task<bool> MakesPasskeyAsync()
        {
            using var request = Visit.Request(
                HttpMethod.Post, "/api/auth/passkey/verify-registration",
                ("Cookie", $"{Session}; {_registration}"), ("Origin", Url));
            request.Content = JsonContent.Create(
                new JsonObject { ["response"] = _made.DeepClone() });
            return (await Portal.Stranger().SendAsync(request)).IsSuccessStatusCode;
        }

        private async Task TakeAllAsync(bool movesAddress)
        {
            Http = Portal.Program();
            await Http.SignInAsync(Ada.Email);
            if (movesAddress)
            {
                var thiefs = Api.NewEmail();
                (await Http.PostAsync("/api/auth/change-email", new { newEmail = thiefs })).EnsureSuccessStatusCode();
                var confirm = Portal.Browser();
                await confirm.OpenAsync((await Portal.MailToAsync(thiefs))[^1].Link);
                await confirm.SubmitAsync("Confirm this address", ("Password", Api.Password));
            }

            var email = (await FindAsync())!.Email;
            (await Http.SignInAsync(email)).EnsureSuccessStatusCode();
            App = await Http.TurnOnAsync(Now);
            (await Http.RegisterAsync(Passkey)).EnsureSuccessStatusCode();
            Portal.Time.Advance(TimeSpan.FromMinutes(1));

            // A session of its own for what is half done.
            var other = Portal.Program();
            Pending = Value((await other.SignInAsync(email)).Cookie("pending"));
            var signedIn = await other.TwoFactorAsync("verify-totp", new { code = Code, trustDevice = true });
            Trusted = Value(signedIn.Cookie("trusted")).Split('=', 2)[1];
            Known = Value(signedIn.Cookie("known")).Split('=', 2)[1];
            Session = $"{Value(signedIn.Cookie("access"))}; {Value(signedIn.Cookie("refresh"))}";
            Portal.Time.Advance(TimeSpan.FromMinutes(1));
            var options = await other.GetAsync("/api/auth/passkey/generate-register-options");
            _registration = Value(options.Cookie("passkey-registration"));
            _made = new SoftwareAuthenticator().Create(await options.JsonAsync());

            ResetLink = await Portal.MailResetLinkAsync(email);
            await other.PostAsync("/api/auth/delete-user", new { });
            DeletionLink = (await Portal.MailToAsync(email))[^1].Link;
            var next = Api.NewEmail();
            var asked = await other.PostAsync("/api/auth/change-email", new { newEmail = next });
            Assert.Equal(!movesAddress, asked.IsSuccessStatusCode);
            ChangeLink = movesAddress ? "/change-email?token=none" : (await Portal.MailToAsync(next))[^1].Link;
        }

        private static string Value(string? cookie) => cookie!.Split(';')[0];
    }
}
