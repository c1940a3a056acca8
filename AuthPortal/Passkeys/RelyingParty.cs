using AuthPortal.Web;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthPortal.Passkeys;

/// <summary>Whom a passkey is made for (WebAuthn level 3 §4): the host of the public address.</summary>
internal sealed class RelyingParty(IOptions<PortalOptions> portal)
{
    /// <summary>A domain, to which every passkey is bound for good; null where the host is an IP address.</summary>
    public string? Id { get; } = new Uri(portal.Value.PublicUrl) is { HostNameType: UriHostNameType.Dns } url
        ? url.IdnHost
        : null;

    /// <summary>
    /// Whether a ceremony may have run on a page of this origin: one that may act with the visitor's cookies, on the
    /// relying party's host or below it, and in no foreign frame.
    /// </summary>
    public bool Accepts(string origin, bool isCrossOrigin) =>
        !isCrossOrigin && portal.Value.Trusts(origin) && IsWithin(new Uri(origin).IdnHost);

    private bool IsWithin(string host) => host == Id || host.EndsWith($".{Id}", StringComparison.Ordinal);
}

/// <summary>What the framework demands of a ceremony: nothing that matters is left to its defaults.</summary>
internal sealed class PasskeyRules(RelyingParty party) : IConfigureOptions<IdentityPasskeyOptions>
{
    // COSE (RFC 9053 §2.1, RFC 8812 §2): ES256, and RS256 for older TPMs.
    private const int Es256 = -7;
    private const int Rs256 = -257;

    public void Configure(IdentityPasskeyOptions options)
    {
        options.ServerDomain = party.Id; // by default whatever host the request names
        options.UserVerificationRequirement = "required";
        options.ResidentKeyRequirement = "required";
        options.AttestationConveyancePreference = "none";
        options.AuthenticatorTimeout = PasskeyChallenges.Lifetime;
        options.IsAllowedAlgorithm = algorithm => algorithm is Es256 or Rs256;
        options.ValidateOrigin = context =>
            ValueTask.FromResult(party.Accepts(context.Origin, context.CrossOrigin));
    }
}
