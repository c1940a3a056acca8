using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using AuthPortal.Tests.Support;
using Microsoft.AspNetCore.Mvc.Testing.Handlers;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;

namespace AuthPortal.Tests.Features;

/// <summary>A portal without a policy, one for each other policy on its database, and people of each kind.</summary>
public sealed class PortalsOfPolicies : MailedPortal
{
    private readonly Dictionary<string, Portal> _strict = [];
    private readonly Dictionary<(bool, bool, bool, bool), Somebody> _people = [];

    public PortalsOfPolicies() => Clock = Time;

    /// <summary>This one, for the policy <c>none</c>.</summary>
    internal Portal this[string policy] => _strict.GetValueOrDefault(policy, this);

    internal FakeTimeProvider Time { get; } = new(new DateTimeOffset(2031, 2, 3, 4, 5, 6, TimeSpan.Zero));

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _strict["everyone"] = Sibling(other => other.Settings["SecondFactor:Required"] = "true");
        _strict["admins"] = Sibling(other => other.Settings["SecondFactor:RequiredForRoles:0"] = "admin");
    }

    /// <summary>
    /// One person of each kind for all ways that change nothing of the person, one for the ways that end their sessions,
    /// and a new one where a way takes away what the person has. Their app shows a code that was not used yet.
    /// </summary>
    internal async Task<Somebody> PersonAsync(string way, bool isAdmin, bool hasApp, bool hasPasskey)
    {
        Time.Advance(TimeSpan.FromSeconds(60));
        if (way is "address reclaimed")
            return await NewAsync(isAdmin, hasApp, hasPasskey);
        var kind = (isAdmin, hasApp, hasPasskey, way is "new password by mail" or "address confirmed by its password");
        if (_people.GetValueOrDefault(kind) is not { } held)
            _people[kind] = held = await NewAsync(isAdmin, hasApp, hasPasskey);
        await WaitForTheNextMailAsync();
        return held;
    }

    private async Task<Somebody> NewAsync(bool isAdmin, bool hasApp, bool hasPasskey)
    {
        var http = Program();
        var email = Api.NewEmail();
        var signedUp = (await http.SignUpAsync(email)).EnsureSuccessStatusCode();
        var id = Guid.Parse($"{(await signedUp.JsonAsync())["user"]!["id"]}");
        var authenticator = new SoftwareAuthenticator { UserHandle = hasPasskey ? null : "AAAA" };
        if (hasPasskey)
            (await http.RegisterAsync(authenticator)).EnsureSuccessStatusCode();
        App? app = null;
        if (hasApp)
        {
            app = await http.EnableAsync();
            var code = app.CodeAt(Time.GetUtcNow());
            (await http.TwoFactorAsync("verify-totp", new { code })).EnsureSuccessStatusCode();
        }

        await this.ExecuteAsync(
            "update users set email_verified_at = now(), roles = @roles where id = @id",
            new { id, roles = isAdmin ? (string[])["admin"] : ["reader"] });
        Time.Advance(TimeSpan.FromSeconds(60));
        return new Somebody(id, email, app, authenticator, SessionCookies.Of(signedUp));
    }
}

/// <param name="App">Null for who has none.</param>
/// <param name="Authenticator">Registered where they have a passkey.</param>
/// <param name="Cookies">Of a session begun by the password alone, before there was anything else.</param>
internal sealed record Somebody(
    Guid Id, string Email, App? App, SoftwareAuthenticator Authenticator, SessionCookies Cookies)
{
    private int _used;

    public string? NextRecoveryCode() => App?.RecoveryCodes[_used++];
}

/// <summary>A browser whose every answer is searched for a session's tokens, wherever they may stand.</summary>
internal sealed partial class Visitor
{
    private readonly CookieContainer _jar;

    public Visitor(Portal portal)
        : this(portal, new CookieContainer())
    {
    }

    private Visitor(Portal portal, CookieContainer jar)
    {
        _jar = jar;
        Http = portal.CreateDefaultClient(
            new Uri(Portal.Url), new RedirectHandler(), new CookieContainerHandler(jar), new Search(this), new ApiWitness(portal));
    }

    public HttpClient Http { get; }

    public bool GotTokens { get; set; }

    /// <summary>The same browser at another portal.</summary>
    public Visitor At(Portal portal) => new(portal, _jar);

    private sealed class Search(Visitor visitor) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
        {
            var response = await base.SendAsync(request, ct);
            await response.Content.LoadIntoBufferAsync(ct);
            var said = $"{response.Headers} {await response.Content.ReadAsStringAsync(ct)}";
            visitor.GotTokens |= Jwt().Matches(said).Any(jwt =>
                Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(jwt.Groups[1].Value)) is var header
                && (header.Contains("at+jwt", StringComparison.Ordinal)
                    || header.Contains("refresh+jwt", StringComparison.Ordinal)));
            return response;
        }
    }

    [GeneratedRegex(@"(eyJ[\w-]+)\.[\w-]+\.[\w-]+")]
    private static partial Regex Jwt();
}
