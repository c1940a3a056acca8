using AuthPortal.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace AuthPortal.Tests.Interop;

/// <summary>RFC 9470's loop: a service wants a fresh sign-in, the portal sees to it, and the person goes on.</summary>
[Trait("Category", "Interop")]
public sealed class StepUpLoopTests : IAsyncLifetime
{
    private const int MaxAge = 2;

    private readonly int _port = LoopbackPort.TakeForGood();
    private readonly string _email = Api.NewEmail();
    private string _database = "";
    private PortalProcess _portal = null!;
    private Service _payments = null!;

    private string Site => $"http://localhost:{_port}/";

    public async Task InitializeAsync()
    {
        _database = await TestServer.CreateDatabaseAsync();
        _portal = await PortalProcess.StartAndWaitAsync(
            _database, new() { ["Portal__TrustedOrigins__0"] = Site.TrimEnd('/') });
        _payments = await Service.StartAsync(Service.Payments, _portal.Url, _port, ("MAX_AGE", $"{MaxAge}"));
        using var http = _portal.Client();
        (await http.SignUpAsync(_email)).EnsureSuccessStatusCode();
    }

    public async Task DisposeAsync()
    {
        await _payments.DisposeAsync();
        await _portal.DisposeAsync();
        await TestServer.DropDatabaseAsync(_database);
    }

    [BrowserFact]
    public async Task A_payment_long_after_the_sign_in_leads_to_the_portal_and_back_and_is_paid()
    {
        var browser = await TabbedBrowser.OpenAsync();
        var page = await browser.NewPageAsync();
        await page.GotoAsync($"{_portal.Url}/sign-in?returnUrl={Uri.EscapeDataString(Site)}");
        await page.GetByLabel("Email").FillAsync(_email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Api.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.WaitForURLAsync(Site);

        await Task.Delay(TimeSpan.FromSeconds(MaxAge + 1.5));
        await page.GetByRole(AriaRole.Button, new() { Name = "Pay" }).ClickAsync();
        await page.WaitForURLAsync($"{_portal.Url}/step-up?max_age={MaxAge}&**");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Api.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();

        await page.WaitForURLAsync(Site);
        await page.GetByRole(AriaRole.Button, new() { Name = "Pay" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Paid")).ToBeVisibleAsync();
    }
}
