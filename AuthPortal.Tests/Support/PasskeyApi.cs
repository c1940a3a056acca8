using System.Text.Json.Nodes;

namespace AuthPortal.Tests.Support;

/// <summary>What a page says to <c>/api/auth/passkey</c>; the client keeps the challenge's cookie.</summary>
internal static class PasskeyApi
{
    public static async Task<JsonNode> OptionsAsync(this HttpClient http, string ceremony) =>
        await (await http.GetAsync($"/api/auth/passkey/generate-{ceremony}-options")).EnsureSuccessStatusCode().JsonAsync();

    public static Task<HttpResponseMessage> PasskeyAsync(this HttpClient http, string what, object body) =>
        http.PostAsync($"/api/auth/passkey/{what}", body);

    /// <summary>The whole registration, by a client that is signed in.</summary>
    public static async Task<HttpResponseMessage> RegisterAsync(
        this HttpClient http, SoftwareAuthenticator authenticator, string? name = null) =>
        await http.PasskeyAsync(
            "verify-registration",
            new JsonObject { ["response"] = authenticator.Create(await http.OptionsAsync("register")), ["name"] = name });

    public static async Task<HttpResponseMessage> SignInByPasskeyAsync(
        this HttpClient http, SoftwareAuthenticator authenticator) =>
        await http.PasskeyAsync(
            "verify-authentication",
            new JsonObject { ["response"] = authenticator.Get(await http.OptionsAsync("authenticate")) });

    /// <summary>The id of the passkey that the answer is about.</summary>
    public static async Task<string> PasskeyIdAsync(this HttpResponseMessage registered) =>
        await registered.EnsureSuccessStatusCode().TextAsync("id");
}
