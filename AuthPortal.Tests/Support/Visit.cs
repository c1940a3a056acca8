using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace AuthPortal.Tests.Support;

/// <summary>The two cookies of a session, laid open, so that a test can drop, swap and spoil each.</summary>
internal sealed record SessionCookies(string? Access, string? Refresh)
{
    public const string AccessName = "__Host-authportal.access";
    public const string RefreshName = "__Host-authportal.refresh";

    /// <summary>What an answer sets; null for a cookie it leaves alone.</summary>
    public static SessionCookies Of(HttpResponseMessage response) =>
        new(ValueOf(response.Cookie("access")), ValueOf(response.Cookie("refresh")));

    /// <summary>What a browser holds after that answer.</summary>
    public SessionCookies After(HttpResponseMessage response)
    {
        var set = Of(response);
        return new(set.Access ?? Access, set.Refresh ?? Refresh);
    }

    /// <summary>As the Cookie header writes them.</summary>
    public override string ToString() => string.Join("; ", Written());

    private IEnumerable<string> Written()
    {
        if (Access is not null)
            yield return $"{AccessName}={Access}";
        if (Refresh is not null)
            yield return $"{RefreshName}={Refresh}";
    }

    private static string? ValueOf(string? cookie) => cookie?[(cookie.IndexOf('=') + 1)..].Split(';')[0];
}

/// <summary>Requests written out header by header.</summary>
internal static class Visit
{
    /// <summary>A request that holds exactly these headers; a null one is not sent.</summary>
    public static HttpRequestMessage Request(
        HttpMethod method, string path, params ReadOnlySpan<(string Name, string? Value)> headers)
    {
        var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            if (value is not null)
                request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    public static Task<HttpResponseMessage> GetAsync(this HttpClient http, string path, SessionCookies cookies) =>
        http.SendAsync(Request(HttpMethod.Get, path, ("Cookie", cookies.ToString())));

    /// <summary>As a page of the portal's own would post.</summary>
    public static Task<HttpResponseMessage> PostAsync(
        this HttpClient http, string path, SessionCookies cookies, object? body = null)
    {
        var request = Request(HttpMethod.Post, path, ("Cookie", cookies.ToString()), ("Origin", Portal.Url));
        request.Content = body is null ? null : JsonContent.Create(body);
        return http.SendAsync(request);
    }

    /// <summary>Posts these very bytes.</summary>
    public static Task<HttpResponseMessage> PostRawAsync(
        this HttpClient http, string path, byte[] body, string? type = "application/json", string? bearer = null)
    {
        var content = new ByteArrayContent(body);
        if (type is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        if (bearer is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        return http.SendAsync(request);
    }

    /// <summary>Another sign-in of somebody: another session, on another device.</summary>
    public static async Task<SessionCookies> SignInAgainAsync(
        this Portal portal, Person person, bool rememberMe = true)
    {
        var response = await portal.Stranger().SignInAsync(person.Email, rememberMe: rememberMe);
        return SessionCookies.Of(response.EnsureSuccessStatusCode());
    }
}
