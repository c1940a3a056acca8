using AuthPortal.Tests.Support;
using Microsoft.Playwright;

namespace AuthPortal.Tests.Browser;

/// <summary>Somebody goes wherever mailed links lead: to confirm, to change and to undo, to reset, to leave.</summary>
internal static class MailedWalk
{
    /// <param name="mail">What the portal sends by; it demands confirmed addresses.</param>
    /// <param name="see">Called on each page, with its name.</param>
    public static async Task GoAsync(Visitor visitor, SmtpSink mail, Func<string, Task> see)
    {
        await visitor.SignUpAsync(heading: "Check your mail");
        await see("check-mail");
        var link = await mail.LinkToAsync("/verify-email");
        await visitor.OpenAsync(link);
        await see("verify-email");
        await visitor.Page.Context.ClearCookiesAsync();
        await visitor.OpenAsync(link);
        await see("verify-email-elsewhere");
        await visitor.FillAsync("Password", Api.Password);
        await visitor.PressAsync("Confirm my address");
        await visitor.IsToldAsync(AriaRole.Status);
        await see("verify-email-confirmed");
        await visitor.FollowAsync("Sign in");
        await visitor.SignInAsync();
        await visitor.SeesAsync("Hello, Ada Lovelace");

        await visitor.OpenAsync("/account/email");
        await visitor.FillAsync("New email", $"new-{visitor.Email}");
        await visitor.FillAsync("Current password", Api.Password);
        await visitor.PressAsync("Change address");
        await visitor.IsToldAsync(AriaRole.Status);
        await see("new-address-asked");
        link = await mail.LinkToAsync("/change-email");
        await visitor.OpenAsync(link);
        await see("new-address");
        await visitor.PressAsync("Confirm this address");
        await visitor.SeesAsync("Hello, Ada Lovelace");
        await see("new-address-confirmed");
        await visitor.OpenAsync(await mail.LinkToAsync("/undo-email-change"));
        await see("undo");
        await visitor.PressAsync("Undo the change");
        await visitor.SeesAsync("Your address is back");
        await see("undone");

        await visitor.OpenAsync("/forgot-password");
        await visitor.FillAsync("Email", visitor.Email);
        await visitor.PressAsync("Send the link");
        await visitor.IsToldAsync(AriaRole.Status);
        await see("forgot-password-sent");
        await visitor.OpenAsync(await mail.LinkToAsync("/reset-password"));
        await see("reset-password");
        await visitor.FillAsync("New password", Api.Password);
        await visitor.PressAsync("Set password");
        await visitor.IsToldAsync(AriaRole.Status);
        await see("reset-password-done");
        await visitor.FollowAsync("Sign in");
        await visitor.SignInAsync();
        await visitor.SeesAsync("Hello, Ada Lovelace");

        await visitor.OpenAsync("/account/data");
        await visitor.FillAsync("Type your email address", visitor.Email);
        await visitor.FillAsync("Current password", Api.Password);
        await visitor.PressAsync("Delete my account");
        await visitor.SeesAsync("Your account will be deleted"); // and not at once: it was taken back just now
        await see("farewell");
        await visitor.OpenAsync("/sign-in");
        await visitor.SignInAsync();
        await visitor.SeesAsync("Hello, Ada Lovelace"); // which restores it

        await visitor.SetUpPhoneAsync();
        await visitor.OpenAsync(await mail.LinkToAsync("/undo-factor"));
        await see("undo-factor");
        await visitor.PressAsync("Remove it");
        await visitor.SeesAsync("It is removed");
        await see("undo-factor-done");
    }
}
