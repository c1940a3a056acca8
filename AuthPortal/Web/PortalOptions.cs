namespace AuthPortal.Web;

/// <summary>Where the portal stands. Section <c>Portal</c>.</summary>
internal sealed class PortalOptions
{
    /// <summary>
    /// The origin people type, such as <c>https://auth.example.com</c>, without path or closing slash.
    /// It is the tokens' issuer, and feeds every derived key. Its scheme decides whether cookies are Secure.
    /// </summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>Other origins whose pages may call the API with the visitor's cookies, and be returned to.</summary>
    public IList<string> TrustedOrigins { get; } = [];
}
