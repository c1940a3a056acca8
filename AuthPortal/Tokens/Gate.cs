using AuthPortal.Users;
using Microsoft.Extensions.Options;

namespace AuthPortal.Tokens;

/// <summary>Whom the portal makes use a second factor. Section <c>SecondFactor</c>.</summary>
internal sealed class SecondFactorOptions
{
    public const string Section = "SecondFactor";

    /// <summary>Everybody. Who has none is led to set one up before anything else.</summary>
    public bool Required { get; set; }

    /// <summary>Those who hold any of these roles, as they are spelled in <c>users roles</c>.</summary>
    public IList<string> RequiredForRoles { get; set; } = [];

    public bool IsRequiredOf(IEnumerable<string> roles) => Required || roles.Any(RequiredForRoles.Contains);
}

/// <summary>What is still missing from a sign-in.</summary>
/// <param name="Accepted">Any one of these will do; none where the person must set up a second factor first.</param>
internal sealed record NextStep(Proofs Accepted)
{
    /// <summary>The policy demands what the person does not have yet.</summary>
    public static readonly NextStep Enrol = new(Proofs.None);
}

/// <summary>
/// The one rule of who is let in by what. A way of signing in says what was proved and nothing else, so that none can
/// be the one that forgot the second factor.
/// </summary>
internal sealed class Gate(IOptions<SecondFactorOptions> options)
{
    /// <param name="isTrustedDevice">Whether this person has told this device to skip the second factor.</param>
    /// <returns>Null where this is enough for a session.</returns>
    public NextStep? Ask(User user, Proofs proved, bool isTrustedDevice)
    {
        const Proofs Codes = Proofs.Totp | Proofs.RecoveryCode;
        if (proved.HasFlag(Proofs.Passkey))
            return null;
        var passkey = user.HasPasskeys ? Proofs.Passkey : Proofs.None;
        if (!proved.HasFlag(Proofs.Password))
            return new NextStep(Proofs.Password | passkey);
        if (user.HasTotp)
            return isTrustedDevice || (proved & Codes) != 0 ? null : new NextStep(Codes | passkey);
        if (!options.Value.IsRequiredOf(user.Roles))
            return null;
        return user.HasPasskeys ? new NextStep(Proofs.Passkey) : NextStep.Enrol;
    }

    /// <summary>
    /// Whether a session still has what today's policy asks for. Turning a second factor on raises the person's
    /// version, so a session of the present one with a second factor on has shown it, or runs on a trusted device.
    /// </summary>
    public bool LetsGoOn(User user, Session session) =>
        Ask(user, Proofs.OfAmr(session.Methods), isTrustedDevice: user.HasTotp) is null;
}
