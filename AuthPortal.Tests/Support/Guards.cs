using System.Text.RegularExpressions;
using Xunit;

namespace AuthPortal.Tests.Support;

/// <summary>What every answer tells the browser, whatever it is an answer to (ASVS 3.4, 4.1.1, 14.3.2).</summary>
internal static class Guards
{
    public static void AssertGuarded(this HttpResponseMessage answer)
    {
        var asked = $"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri}: {(int)answer.StatusCode}";
        foreach (var (name, expected) in new Dictionary<string, string>
        {
            ["Strict-Transport-Security"] = "^max-age=31536000; includeSubDomains$",
            ["Content-Security-Policy"] = "^default-src 'none'; .*frame-ancestors 'none'; .*form-action 'self'",
            ["X-Content-Type-Options"] = "^nosniff$",
            ["X-Frame-Options"] = "^DENY$",
            ["Referrer-Policy"] = "^(strict-origin-when-cross-origin|no-referrer)$",
            ["Cross-Origin-Opener-Policy"] = "^same-origin$",
            ["Cross-Origin-Resource-Policy"] = "^(same-origin|cross-origin)$",
            ["Permissions-Policy"] = @"camera=\(\)",
            ["Cache-Control"] = "no-store|no-cache|^public, max-age=|immutable",
        })
        {
            var said = answer.Header(name);
            Assert.True(said is not null && Regex.IsMatch(said, expected), $"{asked} says {name}: {said ?? "nothing"}");
        }

        foreach (var told in (string[])["Server", "X-Powered-By", "X-AspNetCore-Version"])
            Assert.True(answer.Header(told) is null, $"{asked} tells its {told}");
        if (answer.Content.Headers.ContentType is { MediaType: { } type } sent)
        {
            var isText = type.StartsWith("text/", StringComparison.Ordinal)
                || type.EndsWith("xml", StringComparison.Ordinal);
            Assert.True(!isText || sent.CharSet == "utf-8", $"{asked} is {sent} of no named encoding");
        }
        else
        {
            Assert.True(answer.Content.Headers.ContentLength is null or 0, $"{asked} has a body of no named type");
        }
    }
}
