using System.Text.Encodings.Web;
using System.Text.Json;
using AuthPortal.Keys;
using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace AuthPortal.Features.Developers;

internal sealed class DevelopersModel(
    IOptions<PortalOptions> portal, TokenRules rules, KeyRing keys, TimeProvider clock) : PageModel
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public CurrentUser Caller => CurrentUser.Of(User);

    public IEnumerable<ClaimInWords> Claims => ClaimInWords.Of(User.Claims);

    public string Issuer => portal.Value.PublicUrl;

    public string Algorithm => keys.AccessAlgorithm;

    public IReadOnlyList<string> Audiences => rules.AccessAudiences;

    /// <summary>HS256 mode: services verify with a key that must be kept, instead of published ones.</summary>
    public bool SharesSecret => Algorithm == SecurityAlgorithms.HmacSha256;

    public IReadOnlyList<Verifier> Verifiers => SharesSecret ? [Verifier.FastApi] : Verifier.All;

    public string Remaining => InWords(Caller.ExpiresAt - clock.GetUtcNow());

    /// <summary>How to start a verifier here: with what differs from its file's defaults.</summary>
    public string RunLine(Verifier verifier) =>
        (SharesSecret ? "AUTHPORTAL_SHARED_SECRET='…' " : "")
        + (Audiences.Contains(Issuer) ? "" : $"AUTHPORTAL_AUDIENCE='{Audiences[0]}' ")
        + verifier.Run;

    /// <summary>The body of a sign-in, between the single quotes of a shell.</summary>
    public string SignInBody =>
        JsonSerializer.Serialize(new { email = Caller.Profile.Email, password = "…" }, Readable)
            .Replace("'", "\\u0027", StringComparison.Ordinal);

    private static string InWords(TimeSpan time) => time switch
    {
        { TotalMinutes: >= 2 } => $"{(int)time.TotalMinutes} minutes",
        { TotalMinutes: >= 1 } => "1 minute",
        { TotalSeconds: >= 2 } => $"{(int)time.TotalSeconds} seconds",
        _ => "a moment",
    };
}
