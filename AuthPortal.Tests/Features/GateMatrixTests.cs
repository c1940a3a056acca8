using System.Text;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>
/// Every way in, for everybody there can be, under every policy: whether any answer on the way holds a token of a
/// session. What should be is said here from what was shown alone, apart from how the portal decides it.
/// </summary>
public sealed class GateMatrixTests(PortalsOfPolicies portals) : IClassFixture<PortalsOfPolicies>
{
    [Flags]
    private enum Shown
    {
        Nothing = 0,
        Password = 1,
        Code = 2,
        Passkey = 4,
        TrustedDevice = 8,
    }

    private sealed record Cell(PortalsOfPolicies Portals, Somebody Person, Visitor Visitor)
    {
        public HttpClient Http => Visitor.Http;

        public PlainBrowser Browser => new(Http);

        public string Code => Person.App!.CodeAt(Portals.Time.GetUtcNow());
    }

    /// <summary>What each way does, and what it shows of what the person has.</summary>
    private static readonly Dictionary<string, (Func<Cell, Task> Enter, Shown Shows)> Ways = new()
    {
        ["password, page"] = (PasswordPageAsync, Shown.Password),
        ["password, JSON"] = (cell => cell.Http.SignInAsync(cell.Person.Email), Shown.Password),
        ["sign-up, page"] = (SignUpPageAsync, Shown.Password),
        ["sign-up, JSON"] = (cell => cell.Http.SignUpAsync(cell.Person.Email), Shown.Password),
        ["new password by mail"] = (ResetAsync, Shown.Password),
        ["address confirmed by its password"] = (ConfirmAsync, Shown.Password),
        ["address reclaimed"] = (ReclaimAsync, Shown.Password),
        ["renewal by cookie"] = (
            cell => cell.Http.PostAsync("/api/auth/refresh", cell.Person.Cookies), Shown.Password),
        ["renewal by body"] = (cell => cell.Http.PostAsync(
            "/api/auth/refresh", new { refreshToken = cell.Person.Cookies.Refresh }), Shown.Password),
        ["renewal by header"] = (
            cell => cell.Http.SendAsync(HttpMethod.Post, "/api/auth/refresh", cell.Person.Cookies.Refresh), Shown.Password),
        ["refresh token at get-session"] = (
            cell => cell.Http.GetAsync("/api/auth/get-session", cell.Person.Cookies.Refresh!), Shown.Password),
        ["renewal by opening a page"] = (
            cell => cell.Http.GetAsync("/account", cell.Person.Cookies with { Access = null }), Shown.Password),
        ["step-up by password"] = (StepUpAsync, Shown.Password),
        ["passkey, page"] = (PasskeyPageAsync, Shown.Passkey),
        ["passkey, JSON"] = (cell => cell.Http.SignInByPasskeyAsync(cell.Person.Authenticator), Shown.Passkey),
        ["app's code, page"] = (CodePageAsync, Shown.Password | Shown.Code),
        ["app's code, JSON"] = (CodeAsync, Shown.Password | Shown.Code),
        ["recovery code, page"] = (RecoveryPageAsync, Shown.Password | Shown.Code),
        ["recovery code, JSON"] = (RecoveryAsync, Shown.Password | Shown.Code),
        ["code without a password, JSON"] = (CodeAloneAsync, Shown.Code),
        ["password on a trusted device"] = (TrustedAsync, Shown.Password | Shown.TrustedDevice),
    };

    public static TheoryData<string, string, bool, bool, bool> Cells()
    {
        var cells = new TheoryData<string, string, bool, bool, bool>();
        foreach (var way in Ways.Keys)
        {
            foreach (var (policy, isAdmin) in (ReadOnlySpan<(string, bool)>)
                [("none", true), ("everyone", false), ("admins", true), ("admins", false)])
            {
                foreach (var hasApp in (bool[])[false, true])
                {
                    foreach (var hasPasskey in (bool[])[false, true])
                        cells.Add(way, policy, isAdmin, hasApp, hasPasskey);
                }
            }
        }

        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task A_token_is_had_by_exactly_those_who_show_what_is_asked_of_them(
        string way, string policy, bool isAdmin, bool hasApp, bool hasPasskey)
    {
        var (enter, shows) = Ways[way];
        var person = await portals.PersonAsync(way, isAdmin, hasApp, hasPasskey);
        var visitor = new Visitor(portals[policy]);

        await enter(new Cell(portals, person, visitor));

        var shown = shows & ~(hasApp ? Shown.Nothing : Shown.Code | Shown.TrustedDevice)
            & ~(hasPasskey ? Shown.Nothing : Shown.Passkey);
        var isDemanded = policy == "everyone" || (policy == "admins" && isAdmin);
        var isEnough = shown.HasFlag(Shown.Passkey)
            || (shown.HasFlag(Shown.Password)
                && (hasApp ? (shown & (Shown.Code | Shown.TrustedDevice)) != 0 : !isDemanded));
        if (way.StartsWith("sign-up", StringComparison.Ordinal))
            isEnough = false; // the address is taken
        if (way == "address reclaimed")
            isEnough = !isDemanded; // whatever was set up before is gone
        Assert.Equal(isEnough, visitor.GotTokens);
    }

    [Theory]
    [InlineData("none", true)]
    [InlineData("everyone", false)]
    [InlineData("admins", true)]
    public async Task Who_signs_up_has_no_factor_and_gets_a_token_only_where_none_is_demanded(string policy, bool isEnough)
    {
        var (page, program) = (new Visitor(portals[policy]), new Visitor(portals[policy]));
        await FillSignUpAsync(new PlainBrowser(page.Http), Api.NewEmail());
        await program.Http.SignUpAsync(Api.NewEmail());

        Assert.Equal(isEnough, page.GotTokens);
        Assert.Equal(isEnough, program.GotTokens);
    }

    private static async Task<PlainBrowser> PasswordPageAsync(Cell cell)
    {
        var browser = cell.Browser;
        await browser.OpenAsync("/sign-in");
        await browser.SignInAsync(cell.Person.Email);
        return browser;
    }

    private static Task SignUpPageAsync(Cell cell) => FillSignUpAsync(cell.Browser, cell.Person.Email);

    private static async Task FillSignUpAsync(PlainBrowser browser, string email)
    {
        await browser.OpenAsync("/sign-up");
        await browser.SubmitAsync("Create account", ("Name", "Ada"), ("Email", email), ("Password", Api.Password));
    }

    private static async Task ResetAsync(Cell cell)
    {
        await cell.Http.PostAsync("/api/auth/request-password-reset", new { email = cell.Person.Email });
        var browser = cell.Browser;
        await browser.OpenAsync((await cell.Portals.MailToAsync(cell.Person.Email))[^1].Link);
        await browser.SubmitAsync("Set password", ("New password", Api.Password));
        Assert.Contains("Now sign in.", browser.Text, StringComparison.Ordinal);
        await PasswordPageAsync(cell);
    }

    private static Task ConfirmAsync(Cell cell) => VerifyAsync(cell, "Confirm my address", "Password");

    private static Task ReclaimAsync(Cell cell) => VerifyAsync(cell, "Set password and confirm", "New password");

    private static async Task VerifyAsync(Cell cell, string button, string field)
    {
        await cell.Portals.ExecuteAsync("update users set email_verified_at = null where id = @Id", new { cell.Person.Id });
        await cell.Http.PostAsync("/api/auth/send-verification-email", new { email = cell.Person.Email });
        var browser = cell.Browser;
        await browser.OpenAsync((await cell.Portals.MailToAsync(cell.Person.Email))[^1].Link);
        await browser.SubmitAsync(button, (field, Api.Password));
        Assert.Contains("is confirmed.", browser.Text, StringComparison.Ordinal);
        await PasswordPageAsync(cell);
    }

    /// <summary>With a session of the person's that shows all it must where nothing is demanded.</summary>
    private static async Task StepUpAsync(Cell cell)
    {
        await CodePageAsync(cell with { Visitor = cell.Visitor.At(cell.Portals) });
        cell.Portals.Time.Advance(TimeSpan.FromSeconds(1));
        var browser = cell.Browser;
        await browser.OpenAsync("/step-up?max_age=0&returnUrl=/account");
        await browser.SubmitAsync("Continue", ("Password", Api.Password));
    }

    private static async Task PasskeyPageAsync(Cell cell)
    {
        var browser = cell.Browser;
        await browser.OpenAsync("/sign-in");
        var assertion = cell.Person.Authenticator.Get(await cell.Http.OptionsAsync("authenticate"));
        var request = browser.Request("Sign in", name => name != "assertion");
        request.RequestUri = new Uri(Portal.Url + "/sign-in?handler=Passkey");
        var field = Uri.EscapeDataString(assertion.ToJsonString());
        request.Content = new StringContent(
            $"{await request.Content!.ReadAsStringAsync()}&assertion={field}",
            Encoding.ASCII,
            "application/x-www-form-urlencoded");
        await browser.SendAsync(request);
    }

    private static async Task CodePageAsync(Cell cell)
    {
        var browser = await PasswordPageAsync(cell);
        if (browser.Heading == "Enter your code")
            await browser.SubmitAsync("Continue", ("Code", cell.Code));
    }

    private static async Task CodeAsync(Cell cell)
    {
        await cell.Http.SignInAsync(cell.Person.Email);
        await CodeAloneAsync(cell);
    }

    private static Task<HttpResponseMessage> CodeAloneAsync(Cell cell) =>
        cell.Http.TwoFactorAsync("verify-totp", new { code = cell.Person.App is null ? "123456" : cell.Code, trustDevice = true });

    private static async Task RecoveryPageAsync(Cell cell)
    {
        var browser = await PasswordPageAsync(cell);
        if (browser.Heading != "Enter your code")
            return;
        await browser.FollowAsync("Use a recovery code");
        await browser.SubmitAsync("Continue", ("Recovery code", cell.Person.NextRecoveryCode()!));
    }

    private static async Task RecoveryAsync(Cell cell)
    {
        await cell.Http.SignInAsync(cell.Person.Email);
        await cell.Http.TwoFactorAsync("verify-backup-code", new { code = cell.Person.NextRecoveryCode() ?? "00000-00000" });
    }

    private static async Task TrustedAsync(Cell cell)
    {
        await CodeAsync(cell);
        cell.Visitor.GotTokens = false;
        await cell.Http.SignInAsync(cell.Person.Email);
    }
}
