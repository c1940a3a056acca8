namespace AuthPortal.Tokens;

/// <summary>The token in an Authorization header (RFC 6750 §2.1).</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <returns>What follows the scheme; null where the header is anything but one bearer token.</returns>
    public static string? Of(HttpRequest request)
    {
        var header = request.Headers.Authorization;
        var text = header.Count == 1 ? header[0] : null;
        return text?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) is true && text.Length > Scheme.Length
            ? text[Scheme.Length..].Trim(' ')
            : null;
    }
}
