using System.Text.Json.Nodes;
using System.Web;
using OtpNet;

namespace AuthPortal.Tests.Support;

/// <summary>What a program says to <c>/api/auth/two-factor</c>.</summary>
internal static class TwoFactorApi
{
    public static Task<HttpResponseMessage> TwoFactorAsync(this HttpClient http, string what, object body) =>
        http.PostAsync($"/api/auth/two-factor/{what}", body);

    /// <summary>Sets up an app for somebody who is signed in; no code has been given yet.</summary>
    public static async Task<App> EnableAsync(this HttpClient http, object? body = null)
    {
        var response = await http.TwoFactorAsync("enable", body ?? new { password = Api.Password });
        return App.Of(await response.EnsureSuccessStatusCode().JsonAsync());
    }

    /// <summary>Sets up an app for somebody who is signed in, and turns it on by the code of that moment.</summary>
    public static async Task<App> TurnOnAsync(this HttpClient http, DateTimeOffset now)
    {
        var app = await http.EnableAsync();
        (await http.TwoFactorAsync("verify-totp", new { code = app.CodeAt(now) })).EnsureSuccessStatusCode();
        return app;
    }
}

/// <summary>An authenticator app, and the recovery codes that came with it.</summary>
internal sealed record App(string Uri, string Secret, string[] RecoveryCodes)
{
    public static App Of(JsonNode begun)
    {
        var uri = begun["totpURI"]!.GetValue<string>();
        var codes = begun["backupCodes"]!.AsArray().Select(code => code!.GetValue<string>());
        return new App(uri, SecretIn(uri), [.. codes]);
    }

    public static string SecretIn(string uri) => HttpUtility.ParseQueryString(new Uri(uri).Query)["secret"]!;

    /// <summary>What it shows.</summary>
    public string CodeAt(DateTimeOffset at) => new Totp(Base32Encoding.ToBytes(Secret)).ComputeTotp(at.UtcDateTime);
}
