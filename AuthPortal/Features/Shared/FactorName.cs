using AuthPortal.Languages;
using AuthPortal.SecondFactor;
using AuthPortal.Users;
using Microsoft.Extensions.Localization;

namespace AuthPortal.Features;

/// <summary>What a passkey, an app or recovery codes are called where people read of them.</summary>
internal static class FactorName
{
    /// <returns>The name that its person gave it, as text; else the phrase for such a thing.</returns>
    public static object Of(AddedFactor factor) => factor.Name is { } own ? own : Usual(factor);

    /// <inheritdoc cref="Of"/>
    /// <returns>In the reader's language.</returns>
    public static string NameOf(this IStringLocalizer words, AddedFactor factor) =>
        factor.Name ?? words.Say(Usual(factor));

    private static Phrase Usual(AddedFactor factor) => factor.Kind switch
    {
        FactorStore.App => "Authenticator app",
        FactorStore.NewCodes => "Recovery codes",
        _ => "Passkey",
    };
}
