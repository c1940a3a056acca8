using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace AuthPortal.Tests.Support;

/// <summary>What a program says to <c>/api/auth</c>.</summary>
internal static class Api
{
    public const string Password = "correct horse battery";

    public static string NewEmail() => $"{Guid.NewGuid():N}@example.com";

    public static Task<HttpResponseMessage> SignUpAsync(
        this HttpClient http, string email, string name = "Ada", string password = Password) =>
        http.PostAsync("/api/auth/sign-up/email", new { name, email, password });

    public static Task<HttpResponseMessage> SignInAsync(
        this HttpClient http, string email, string password = Password, bool rememberMe = true) =>
        http.PostAsync("/api/auth/sign-in/email", new { email, password, rememberMe });

    /// <summary>Posts JSON as a page of the portal's own would: with proof of origin.</summary>
    public static Task<HttpResponseMessage> PostAsync(this HttpClient http, string path, object body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Origin", http.BaseAddress!.GetLeftPart(UriPartial.Authority));
        return http.SendAsync(request);
    }

    public static Task<HttpResponseMessage> SendAsync(
        this HttpClient http, HttpMethod method, string path, string? bearer, object? body = null)
    {
        var request = new HttpRequestMessage(method, path);
        if (bearer is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        return http.SendAsync(request);
    }

    public static Task<HttpResponseMessage> GetAsync(this HttpClient http, string path, string bearer) =>
        http.SendAsync(HttpMethod.Get, path, bearer);

    public static async Task<JsonNode> JsonAsync(this HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

    public static async Task<string> TextAsync(this HttpResponseMessage response, string member) =>
        (await response.JsonAsync())[member]!.GetValue<string>();

    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    /// <summary>A cookie that this answer sets, by the end of its name; null where it sets none.</summary>
    public static string? Cookie(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues("Set-Cookie", out var all)
            ? all.LastOrDefault(c => c.StartsWith($"__Host-authportal.{name}=", StringComparison.Ordinal))
            : null;

    /// <summary>Somebody new, signed in: a client with their cookies, and the tokens a program gets.</summary>
    public static async Task<Person> NewPersonAsync(this Portal portal, string name = "Ada")
    {
        var http = portal.Program();
        var email = NewEmail();
        var response = (await http.SignUpAsync(email, name)).EnsureSuccessStatusCode();
        var body = await response.JsonAsync();
        return new Person(
            http,
            email,
            Guid.Parse(body["user"]!["id"]!.GetValue<string>()),
            body["token"]!.GetValue<string>(),
            response.Header("set-auth-token")!);
    }

    /// <summary>Somebody new, signed in, whose address is confirmed.</summary>
    public static async Task<Person> NewConfirmedPersonAsync(this Portal portal, string name = "Ada")
    {
        var person = await portal.NewPersonAsync(name);
        await portal.ConfirmAddressAsync(person);
        return person;
    }

    /// <summary>Confirms an address behind the portal's back.</summary>
    public static Task ConfirmAddressAsync(this Portal portal, Person person) => portal.ExecuteAsync(
        "update users set email_verified_at = now() where id = @Id", new { person.Id });
}

/// <param name="Http">With their cookies.</param>
internal sealed record Person(HttpClient Http, string Email, Guid Id, string AccessToken, string RefreshToken);
