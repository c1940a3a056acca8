using System.Text;
using System.Text.Json;
using AuthPortal.Tests.Support;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AuthPortal.Tests.Properties;

/// <summary>A place where a token is handed in.</summary>
/// <param name="Kind">Which token opens it.</param>
/// <param name="Knock">Hands in that text instead.</param>
/// <param name="IsRefused">How the door answers whoever is not let in.</param>
/// <param name="IsSame">Whether by the rules of HTTP the good token arrives in spite of what was added.</param>
internal sealed record TokenDoor(
    string Kind,
    Func<Portal, string, Task<RawAnswer>> Knock,
    Func<RawAnswer, bool> IsRefused,
    Func<string, string, bool> IsSame)
{
    public const string Access = "access";
    public const string Refresh = "refresh";
    public const string PasswordReset = "reset";
    public const string EmailVerification = "verification";

    public static readonly IReadOnlyDictionary<string, TokenDoor> All = new Dictionary<string, TokenDoor>
    {
        ["access, in the header"] = InHeader(Access, "GET", "/api/me"),
        ["access, in its cookie"] = InCookie(Access, SessionCookies.AccessName, "/api/me", 401),
        ["access, in its cookie, at a page"] = InCookie(Access, SessionCookies.AccessName, "/account", 302),
        ["refresh, in the header"] = InHeader(Refresh, "POST", "/api/auth/refresh"),
        ["refresh, in its cookie"] = InCookie(Refresh, SessionCookies.RefreshName, "/api/me", 401),
        ["refresh, in a body"] = InBody(
            Refresh, "/api/auth/refresh", t => new { refreshToken = t }, "UNAUTHORIZED", "VALIDATION_ERROR"),
        ["reset, at its page"] = InQuery(PasswordReset, "/reset-password", 400),
        ["reset, in a body"] = InBody(
            PasswordReset,
            "/api/auth/reset-password",
            t => new { token = t, newPassword = "short" }, // the good one comes as far as that, and is not spent
            "INVALID_TOKEN",
            "VALIDATION_ERROR"),
        ["verification, at its page"] = InQuery(EmailVerification, "/verify-email", 400),
        ["verification, at its endpoint"] = InQuery(EmailVerification, "/api/auth/verify-email", 401),
    };

    public async Task TryAsync(Portal portal, string mutated)
    {
        var answer = await Knock(portal, mutated);
        Assert.True(IsRefused(answer), $"{answer.Status} {answer.Text}");
        Assert.DoesNotContain("__Host-authportal.access=ey", answer.Header("Set-Cookie"), StringComparison.Ordinal);
        Assert.DoesNotContain("set-auth-token", answer.Headers.Keys, StringComparer.OrdinalIgnoreCase);
    }

    // Blanks around a header's value are no part of it (RFC 9110 §5.5).
    private static TokenDoor InHeader(string kind, string method, string path) => new(
        kind,
        (portal, token) => portal.SendAsync(method, path, [("Authorization", $"Bearer {token}")]),
        answer => answer.Status == 401,
        (mutated, good) => mutated.Trim(' ') == good);

    // What follows a semicolon is the next cookie (RFC 6265 §4.2.1).
    private static TokenDoor InCookie(string kind, string name, string path, int refused) => new(
        kind,
        (portal, token) => portal.SendAsync("GET", path, [("Cookie", $"{name}={token}")]),
        answer => answer.Status == refused,
        (mutated, good) => mutated.Split(';')[0].Trim(' ') == good);

    private static TokenDoor InQuery(string kind, string path, int refused) => new(
        kind,
        (portal, token) => portal.SendAsync("GET", path, [], QueryString.Create("token", token)),
        answer => answer.Status == refused,
        (mutated, good) => mutated == good);

    /// <param name="codes">Of a token that is none, and of one that is not even text.</param>
    private static TokenDoor InBody(string kind, string path, Func<string, object> body, params string[] codes) => new(
        kind,
        async (portal, token) => await portal.SendAsync(
            "POST",
            path,
            [("Content-Type", "application/json")],
            body: Encoding.UTF8.GetBytes(JsonSerializer.Serialize(body(token)))),
        answer => codes.Any(code => answer.Text.Contains($"\"{code}\"", StringComparison.Ordinal)),
        (mutated, good) => mutated == good);
}
