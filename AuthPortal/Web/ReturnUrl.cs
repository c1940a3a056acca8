using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthPortal.Web;

/// <summary>
/// Where a person may be sent back to: a path of ours, or a trusted origin (ASVS 3.7.2). One judge for all.
/// </summary>
internal static class ReturnUrl
{
    public const string Default = "/account";

    /// <returns>The address where it is safe to go there, else null.</returns>
    public static string? Safe(string? url, PortalOptions portal)
    {
        // Browsers drop TAB, LF and CR and read \ as /: an address with any of them is not what it seems.
        if (string.IsNullOrEmpty(url) || url.Length > 2048 || url.Contains('\\') || url.Any(char.IsControl))
            return null;
        if (url[0] == '/')
            return RedirectHttpResult.IsLocalUrl(url) ? AsHeader(url) : null;

        return Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            && uri.UserInfo.Length == 0 && portal.Trusts(OriginText.Of(uri))
            ? OriginText.Of(uri) + uri.PathAndQuery + uri.Fragment
            : null;
    }

    /// <summary>Kestrel refuses a header that holds more than ASCII: what was decoded is encoded again.</summary>
    private static string AsHeader(string url) => string.Concat(url.EnumerateRunes()
        .Select(rune => rune.Value is > ' ' and < 0x7F ? $"{rune}" : Uri.EscapeDataString($"{rune}")));

    public static string OrDefault(string? url, PortalOptions portal) => Safe(url, portal) ?? Default;
}
