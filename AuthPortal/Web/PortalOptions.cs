using System.Net;
using Microsoft.Extensions.Options;

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
    public IList<string> TrustedOrigins { get; set; } = [];

    /// <summary>
    /// Whom to tell of a hole, such as <c>mailto:security@example.com</c>: named in <c>/.well-known/security.txt</c>,
    /// which there is only with it.
    /// </summary>
    public string SecurityContact { get; set; } = "";

    /// <summary>
    /// Whether a portal in Development may be open to others than this machine: it shows them everybody's mail, and may
    /// sign with a secret of its own making.
    /// </summary>
    public bool AllowPublicDevelopment { get; set; }

    /// <summary>
    /// Whether people reach the portal by https; never asked of the request, which a proxy may rewrite.
    /// </summary>
    public bool IsHttps => PublicUrl.StartsWith("https://", StringComparison.Ordinal);

    /// <summary>Whether a page of this origin may act with the visitor's cookies: our own, and those listed.</summary>
    /// <param name="origin">As browsers write it in an <c>Origin</c> header (RFC 6454 §6.1).</param>
    public bool Trusts(string origin) =>
        OwnOrigins.Contains(origin, StringComparer.Ordinal) || TrustedOrigins.Contains(origin, StringComparer.Ordinal);

    /// <summary>The portal's own origin; for a development portal under each of the loopback's names.</summary>
    public IReadOnlyList<string> OwnOrigins => _own ??= [.. Own()];

    /// <summary>
    /// A cookie's full name. <c>__Host-</c> binds it to this very host over https (RFC 6265bis §4.1.3.2); plain http,
    /// which only a development portal speaks, can't have it.
    /// </summary>
    public string CookieName(string what) => $"{(IsHttps ? "__Host-" : "")}authportal.{what}";

    private IReadOnlyList<string>? _own;

    private IEnumerable<string> Own()
    {
        yield return PublicUrl;
        if (IsHttps || !new Uri(PublicUrl).IsLoopback)
            yield break;
        var port = new Uri(PublicUrl).Port;
        foreach (var name in (string[])["localhost", "127.0.0.1", "[::1]"])
            yield return OriginText.Of(new Uri($"http://{name}:{port}"));
    }
}

/// <summary>
/// How an origin is written: scheme, host and the port where it is not the scheme's own (RFC 6454 §6.2).
/// </summary>
internal static class OriginText
{
    /// <returns>"null", as browsers write it, where the host is no name that could be looked up.</returns>
    public static string Of(Uri uri)
    {
        try
        {
            return $"{uri.Scheme}://{(uri.HostNameType == UriHostNameType.IPv6 ? $"[{uri.DnsSafeHost}]" : uri.IdnHost)}"
                + (uri.IsDefaultPort ? "" : $":{uri.Port}");
        }
        catch (UriFormatException)
        {
            return "null";
        }
    }

    /// <returns>The origin, or null where the text is more or less than one.</returns>
    public static string? TryParse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", PathAndQuery: "/" }
        && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0
            && Of(uri) is not "null" and var origin
            ? origin
            : null;
}

/// <summary>Completes and checks the options at start.</summary>
internal sealed class PortalOptionsSetup(IHostEnvironment environment, IConfiguration configuration)
    : IPostConfigureOptions<PortalOptions>, IValidateOptions<PortalOptions>
{
    /// <summary>
    /// Where a development portal listens when nothing says otherwise. Fixed, since it feeds the keys.
    /// </summary>
    public const int DevelopmentPort = 5080;

    public void PostConfigure(string? name, PortalOptions options)
    {
        if (options.PublicUrl.Length == 0 && environment.IsDevelopment())
        {
            options.PublicUrl = "http://localhost:"
                + (configuration["PORT"] is { Length: > 0 } port ? port : $"{DevelopmentPort}");
        }

        options.PublicUrl = OriginText.TryParse(options.PublicUrl) ?? options.PublicUrl;
        options.TrustedOrigins = [.. options.TrustedOrigins.Select(o => OriginText.TryParse(o) ?? o)];
    }

    public ValidateOptionsResult Validate(string? name, PortalOptions options) =>
        Problem(options) is { } problem ? ValidateOptionsResult.Fail(problem) : ValidateOptionsResult.Success;

    private string? Problem(PortalOptions options)
    {
        var url = options.PublicUrl;
        if (url.Length == 0)
        {
            return "Portal__PublicUrl is not set: set it to the address people type, such as https://auth.example.com.";
        }

        if (OriginText.TryParse(url) is null)
        {
            return $"Portal__PublicUrl is \"{url}\": it must be scheme and host alone, such as "
                + "https://auth.example.com, with no path.";
        }

        if (!environment.IsDevelopment() && !options.IsHttps && !new Uri(url).IsLoopback)
        {
            return $"Portal__PublicUrl is \"{url}\": outside Development it must start with https://, "
                + "since cookies over plain http can be read on the way.";
        }

        if (environment.IsDevelopment() && !options.AllowPublicDevelopment
            && Addresses(options).FirstOrDefault(address => !IsLoopback(address)) is { } open)
        {
            return $"In Development the portal shows everybody's mail at /dev/mail, and {open} is open to others: set "
                + "ASPNETCORE_ENVIRONMENT=Production, or listen on http://localhost alone; or set "
                + "Portal__AllowPublicDevelopment=true where nobody else gets to it.";
        }

        if (!environment.IsDevelopment() && options.IsHttps
            && options.TrustedOrigins.FirstOrDefault(IsPlain) is { } plain)
        {
            return $"Portal__TrustedOrigins holds \"{plain}\": beside a portal at https:// each must be https:// too, "
                + "or whoever is on the way acts with your people's cookies.";
        }

        if (options.TrustedOrigins.FirstOrDefault(origin => OriginText.TryParse(origin) is null) is { } odd)
        {
            return $"Portal__TrustedOrigins holds \"{odd}\": each must be scheme and host alone, such as "
                + "https://app.example.com.";
        }

        return options.SecurityContact.Length == 0 || IsContact(options.SecurityContact)
            ? null
            : $"Portal__SecurityContact is \"{options.SecurityContact}\": it must be an address with its scheme, such "
                + "as mailto:security@example.com or https://example.com/security.";
    }

    private static bool IsPlain(string origin) => origin.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Where people, and where programs on the network, would find it.</summary>
    private IEnumerable<string> Addresses(PortalOptions options)
    {
        yield return options.PublicUrl;
        foreach (var url in configuration["urls"]?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [])
            yield return url;
        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
            yield return endpoint["Url"] ?? "";
        if (!string.IsNullOrEmpty(configuration["http_ports"]) && string.IsNullOrEmpty(configuration["urls"]))
            yield return $"http://*:{configuration["http_ports"]}";
    }

    private static bool IsLoopback(string address)
    {
        var host = BindingAddress.Parse(address).Host.Trim('[', ']');
        return string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));
    }

    /// <summary>It becomes a line of a file: no blank and no line's end may be in it.</summary>
    private static bool IsContact(string text) =>
        text.All(letter => letter is > ' ' and <= '~')
        && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "mailto" or "https" or "tel";
}
