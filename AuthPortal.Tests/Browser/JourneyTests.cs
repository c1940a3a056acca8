using AuthPortal.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace AuthPortal.Tests.Browser;

[Trait("Category", "Browser")]
public sealed class JourneyTests(BrowsedPortal portal) : IClassFixture<BrowsedPortal>
{
    [BrowserFact]
    public Task A_person_signs_up_signs_out_and_comes_back_to_where_they_wanted_to_go() =>
        JourneyAsync(javaScript: true);

    [BrowserFact]
    public Task All_of_it_works_without_JavaScript() => JourneyAsync(javaScript: false);

    [BrowserFact]
    public Task So_does_whatever_mails_lead_to() => BrowsedPortal.VisitWithMailAsync(
        new() { JavaScriptEnabled = false },
        (visitor, mail) => MailedWalk.GoAsync(visitor, mail, _ => Task.CompletedTask));

    [BrowserFact]
    public async Task Devices_password_and_language_are_changed_without_JavaScript()
    {
        var visitor = await portal.VisitorAsync(new() { JavaScriptEnabled = false });
        await visitor.SignUpAsync();
        await visitor.Page.Context.ClearCookiesAsync();
        await visitor.OpenAsync("/sign-in");
        await visitor.SignInAsync();
        await visitor.OpenAsync("/account/devices");
        await visitor.PressAsync("End this session");
        await visitor.IsToldAsync(AriaRole.Status);

        await visitor.OpenAsync("/account/security");
        await visitor.FillAsync("Current password", Api.Password);
        await visitor.FillAsync("New password", "another horse battery");
        await visitor.PressAsync("Change password");
        await visitor.IsToldAsync(AriaRole.Status);

        await visitor.PressAsync("Deutsch");
        await visitor.SeesAsync("Sicherheit");
        visitor.HasNothingToComplainOf();
    }

    [BrowserFact]
    public async Task The_Back_button_shows_nothing_personal_after_signing_out()
    {
        var visitor = await portal.VisitorAsync();
        await visitor.SignUpAsync();
        await visitor.OpenAsync("/");
        await visitor.SeesAsync("Hello, Ada Lovelace");
        await visitor.OpenAsync("/account");
        await visitor.PressAsync("Sign out");
        await visitor.SeesAsync("Sign in");

        await visitor.Page.GoBackAsync();
        await visitor.IsAtAsync("/sign-in?returnUrl=%2Faccount");
        await visitor.Page.GoBackAsync();
        await visitor.SeesAsync("One sign-in for everything here");

        visitor.HasNothingToComplainOf();
    }

    [BrowserFact]
    public async Task The_Back_button_after_signing_in_leads_to_no_form_and_sends_nothing_again()
    {
        var visitor = await portal.VisitorAsync();
        await visitor.SignUpAsync();

        await visitor.Page.GoBackAsync();

        await visitor.IsAtAsync("/account");
        visitor.HasNothingToComplainOf();
    }

    [BrowserFact]
    public async Task An_address_in_any_script_is_come_back_to()
    {
        var visitor = await portal.VisitorAsync();
        await visitor.SignUpAsync();

        await visitor.OpenAsync("/sign-in?returnUrl=" + Uri.EscapeDataString("/account?q=größer 東京"));

        await visitor.SeesAsync("Hello, Ada Lovelace");
        await visitor.IsAtAsync("/account?q=gr%C3%B6%C3%9Fer%20%E6%9D%B1%E4%BA%AC");
    }

    [BrowserFact]
    public async Task What_is_wrong_takes_the_focus_and_leads_to_its_field()
    {
        var visitor = await portal.VisitorAsync();
        await visitor.OpenAsync("/sign-up");
        await visitor.HasFocusOnAsync("Name");
        await visitor.FillAsync("Name", "Ada");
        await visitor.FillAsync("Email", visitor.Email);
        await visitor.FillAsync("Password", "short");
        await visitor.PressAsync("Create account");

        await Assertions.Expect(visitor.Page).ToHaveTitleAsync("Error: Create an account · AuthPortal");
        await visitor.HasFocusOnAsync("This password is too short.");
        await visitor.Page.Keyboard.PressAsync("Tab");
        await visitor.Page.Keyboard.PressAsync("Enter");
        await visitor.HasFocusOnAsync("Password");
        visitor.HasNothingToComplainOf();
    }

    private async Task JourneyAsync(bool javaScript)
    {
        var visitor = await portal.VisitorAsync(
            new BrowserNewContextOptions { JavaScriptEnabled = javaScript });
        await visitor.SignUpAsync();
        await visitor.IsAtAsync("/account");
        await visitor.Page.ReloadAsync();
        await visitor.SeesAsync("Hello, Ada Lovelace");

        await visitor.FillAsync("Name", "Ada King");
        await visitor.PressAsync("Save profile");
        await visitor.SeesAsync("Hello, Ada King");

        await visitor.PressAsync("Sign out");
        await visitor.SeesAsync("Sign in");
        await visitor.OpenAsync("/account?tab=1");
        await visitor.IsAtAsync("/sign-in?returnUrl=%2Faccount%3Ftab%3D1");
        await visitor.SignInAsync();
        await visitor.IsAtAsync("/account?tab=1");
        await visitor.SeesAsync("Hello, Ada King");
        visitor.HasNothingToComplainOf();
    }
}
