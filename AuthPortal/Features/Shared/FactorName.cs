using AuthPortal.Languages;
using AuthPortal.SecondFactor;
using AuthPortal.Users;
using Microsoft.Extensions.Localization;

namespace AuthPortal.Features;

/// <summary>The names of passkeys, authenticator apps and recovery codes, as people read them.</summary>
internal static class FactorName
{
    /// <returns>
    /// The name that its person gave it; else what such a thing is called, in the reader's language.
    /// </returns>
    public static string NameOf(this IStringLocalizer words, AddedFactor factor) =>
        factor.Name ?? words.Say(Usual(factor));

    /// <summary>
    /// What such a thing is called: for letters, in which an intruder must not have words of their own.
    /// </summary>
    public static Phrase Usual(AddedFactor factor) => factor.Kind switch
    {
        FactorStore.App => "Authenticator app",
        FactorStore.NewCodes => "Recovery codes",
        _ => "Passkey",
    };
}
