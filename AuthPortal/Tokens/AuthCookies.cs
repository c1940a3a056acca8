using AuthPortal.Web;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AuthPortal.Tokens;

/// <summary>The one place that names, sets and clears the session's cookies.</summary>
internal sealed class AuthCookies(IOptions<PortalOptions> portal, TimeProvider clock)
{
    private readonly bool _secure = portal.Value.IsHttps;
    private readonly string _access = portal.Value.CookieName("access");
    private readonly string _refresh = portal.Value.CookieName("refresh");
    private readonly string _signUp = portal.Value.CookieName("sign-up");
    private readonly string _pending = portal.Value.CookieName("pending");
    private readonly string _keptForm = portal.Value.CookieName("form");
    private readonly string _trusted = portal.Value.CookieName("trusted");
    private readonly string _language = portal.Value.CookieName("language");
    private readonly string _known = portal.Value.CookieName("known");

    public string? Access(HttpRequest request) => Read(request, _access);

    public string? Refresh(HttpRequest request) => Read(request, _refresh);

    public void Set(HttpResponse response, IssuedSession issued)
    {
        Append(response, _access, issued.Access.Value, LifeOf(issued.Access, issued.Session));
        Append(response, _refresh, issued.Refresh.Value, LifeOf(issued.Refresh, issued.Session));
    }

    /// <summary>Of <see cref="SignUpBrowser"/>.</summary>
    public string? SignUp(HttpRequest request) => Read(request, _signUp);

    public void SetSignUp(HttpResponse response, string value, TimeSpan lifetime) =>
        Append(response, _signUp, value, lifetime);

    /// <summary>
    /// What a ceremony keeps until it ends, and a notice until it is read: one cookie for each kind, so that two may be
    /// under way.
    /// </summary>
    public string? Ceremony(HttpRequest request, TokenKind ceremony) =>
        Read(request, portal.Value.CookieName(ceremony.Purpose));

    public void SetCeremony(HttpResponse response, TokenKind ceremony, string value, TimeSpan lifetime) =>
        Append(response, portal.Value.CookieName(ceremony.Purpose), value, lifetime);

    /// <summary>Of <see cref="PendingSignIns"/>.</summary>
    public string? Pending(HttpRequest request) => Read(request, _pending);

    public void SetPending(HttpResponse response, string value, TimeSpan lifetime) =>
        Append(response, _pending, value, lifetime);

    public DeviceTokens Device(HttpRequest request) => new(Read(request, _trusted), KnownDevice(request));

    /// <summary>Of <see cref="KnownDevices"/>.</summary>
    public string? KnownDevice(HttpRequest request) => Read(request, _known);

    public void SetKnownDevice(HttpResponse response, string value, TimeSpan lifetime) =>
        Append(response, _known, value, lifetime);

    /// <summary>Of <see cref="TrustedDevices"/>.</summary>
    public void SetTrustedDevice(HttpResponse response, string value, TimeSpan lifetime) =>
        Append(response, _trusted, value, lifetime);

    /// <summary>What was typed into a form whose sender is asked to confirm who they are.</summary>
    public string? KeptForm(HttpRequest request) => Read(request, _keptForm);

    public void SetKeptForm(HttpResponse response, string value, TimeSpan lifetime) =>
        Append(response, _keptForm, value, lifetime);

    /// <summary>The tag of the language that was chosen.</summary>
    public string? Language(HttpRequest request) => Read(request, _language);

    public void SetLanguage(HttpResponse response, string tag, TimeSpan lifetime) =>
        Append(response, _language, tag, lifetime);

    /// <summary>
    /// And what the browser keeps of their pages (ASVS 14.3.1), but for other cookies: the device stays known.
    /// </summary>
    public void Clear(HttpResponse response)
    {
        response.Headers["Clear-Site-Data"] = "\"cache\", \"storage\"";
        Append(response, _access, "", TimeSpan.Zero);
        Append(response, _refresh, "", TimeSpan.Zero);
    }

    /// <summary>
    /// By its exact name: the framework's reader takes <c>__HOST-…</c> too, which an older browser lets a neighbouring
    /// host plant, and passes over a second one that is malformed. Of two cookies neither counts, since one may be
    /// planted. What separates them is a semicolon (RFC 6265 §4.2.1), and nothing else.
    /// </summary>
    private static string? Read(HttpRequest request, string name)
    {
        string? found = null;
        foreach (var line in request.Headers.Cookie)
        {
            foreach (var part in line.AsSpan().Split(';'))
            {
                var pair = line.AsSpan(part).Trim(" \t");
                var isNamed = pair.StartsWith(name, StringComparison.Ordinal);
                if (!isNamed || pair.Length == name.Length || pair[name.Length] != '=')
                    continue;
                if (found is not null)
                    return null;
                found = pair[(name.Length + 1)..].ToString();
            }
        }

        return found;
    }

    /// <returns>Null for a session that ends with the browser.</returns>
    private TimeSpan? LifeOf(IssuedToken token, Session session) =>
        session.Persistent ? token.ExpiresAt - clock.GetUtcNow() : null;

    private void Append(HttpResponse response, string name, string value, TimeSpan? maxAge)
    {
        // A renewal earlier in this request may have set it already: the later word is the only one sent.
        response.Headers.SetCookie = response.Headers.SetCookie
            .Where(cookie => cookie?.StartsWith($"{name}=", StringComparison.Ordinal) is false).ToArray();

        response.Headers.Append(HeaderNames.SetCookie, new SetCookieHeaderValue(name, value)
        {
            MaxAge = maxAge is { } age ? TimeSpan.FromSeconds(Math.Floor(age.TotalSeconds)) : null,
            Path = "/",
            HttpOnly = true,
            Secure = _secure,
            SameSite = Microsoft.Net.Http.Headers.SameSiteMode.Lax,
        }.ToString());
        response.Headers.CacheControl = "no-store";
    }
}
