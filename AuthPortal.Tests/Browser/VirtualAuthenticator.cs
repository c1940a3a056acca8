using System.Text.Json;
using Microsoft.Playwright;

namespace AuthPortal.Tests.Browser;

/// <summary>Chromium's own authenticator for tests (DevTools domain WebAuthn); it lives as long as its page.</summary>
internal sealed class VirtualAuthenticator
{
    private readonly ICDPSession _devTools;
    private readonly string _id;

    private VirtualAuthenticator(ICDPSession devTools, string id) => (_devTools, _id) = (devTools, id);

    /// <param name="transport"><c>internal</c> is the device itself, <c>usb</c> a key that is plugged in.</param>
    public static async Task<VirtualAuthenticator> OfAsync(IPage page, string transport = "internal")
    {
        var devTools = await page.Context.NewCDPSessionAsync(page);
        await devTools.SendAsync("WebAuthn.enable");
        var made = await devTools.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["ctap2Version"] = "ctap2_1",
                ["transport"] = transport,
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
                ["defaultBackupEligibility"] = true,
                ["defaultBackupState"] = true,
            },
        });
        return new VirtualAuthenticator(devTools, made!.Value.GetProperty("authenticatorId").GetString()!);
    }

    /// <summary>Whether its finger or PIN is right.</summary>
    public Task VerifiesAsync(bool verifies) => SetAsync("setUserVerified", "isUserVerified", verifies);

    public async Task<int> CountAsync()
    {
        var held = await _devTools.SendAsync(
            "WebAuthn.getCredentials", new Dictionary<string, object> { ["authenticatorId"] = _id });
        return held!.Value.GetProperty("credentials").EnumerateArray().Count();
    }

    public Task RemoveAsync() => _devTools.SendAsync(
        "WebAuthn.removeVirtualAuthenticator", new Dictionary<string, object> { ["authenticatorId"] = _id });

    private Task<JsonElement?> SetAsync(string what, string name, bool value) => _devTools.SendAsync(
        $"WebAuthn.{what}", new Dictionary<string, object> { ["authenticatorId"] = _id, [name] = value });
}
