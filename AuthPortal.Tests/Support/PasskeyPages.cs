using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace AuthPortal.Tests.Support;

/// <summary>What <c>passkeys.js</c> does on the pages, for a browser that runs no script.</summary>
internal static class PasskeyPages
{
    public const string SignUpButton = "Create account with a passkey";

    /// <summary>Proves who one is, on a page that has a button for it.</summary>
    public static async Task ProveAsync(this PlainBrowser browser, string button, SoftwareAuthenticator authenticator)
    {
        var script = browser.NewTab();
        await script.OpenAsync("/api/auth/passkey/generate-authenticate-options");
        Assert.Equal(HttpStatusCode.OK, script.Status);
        browser.Put("assertion", authenticator.Get(await script.Response.JsonAsync()));
        await browser.SubmitAsync(button);
    }

    public static async Task SignUpAsync(
        this PlainBrowser browser, SoftwareAuthenticator authenticator, string email, string name = "Ada")
    {
        await browser.OpenAsync("/sign-up");
        var options = await browser.SignUpOptionsAsync(email, name);
        if (options is not null)
            browser.Put("attestation", authenticator.Create(options));
        await browser.SubmitAsync(SignUpButton);
    }

    /// <returns>Null where there are none, because of what was typed.</returns>
    public static async Task<JsonNode?> SignUpOptionsAsync(this PlainBrowser browser, string email, string name = "Ada")
    {
        browser.Fill("Name", name);
        browser.Fill("Email", email);
        using var asked = browser.Request(SignUpButton);
        var path = browser.Page.QuerySelector("[data-options]")!.GetAttribute("data-options")!;
        asked.RequestUri = new Uri(browser.Url, path);
        var script = browser.NewTab();
        await script.SendAsync(asked);
        return script.Status == HttpStatusCode.OK ? await script.Response.JsonAsync() : null;
    }

    public static void Put(this PlainBrowser browser, string field, JsonObject answer) =>
        browser.Page.QuerySelector($"input[name={field}]")!.SetAttribute("value", answer.ToJsonString());
}
