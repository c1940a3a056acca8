using System.Globalization;
using System.Security.Claims;

namespace AuthPortal.Features.Developers;

/// <summary>One claim of an access token, and what a service may conclude from it.</summary>
internal sealed record ClaimInWords(string Name, string Value, string Meaning)
{
    /// <summary>In the order of the page.</summary>
    private static readonly OrderedDictionary<string, string> Meanings = new()
    {
        ["iss"] = "Who signed it: this portal. A service checks it.",
        ["aud"] = "Whom it is for. A service checks that it is meant.",
        ["sub"] = "You, by an id that never changes. Services should file what is yours under it.",
        ["iat"] = "When it was made",
        ["nbf"] = "Not good before",
        ["exp"] = "Not good after",
        ["jti"] = "This one token.",
        ["sid"] = "Your sign-in on this device. Renewals keep it.",
        ["ver"] = "Grows when you sign out everywhere; tokens with less then count no more.",
        ["auth_time"] = "When you proved who you are",
        ["session_end"] = "When you have to sign in again, whatever happens",
        ["amr"] = "How you proved who you are: pwd is a password.",
        ["email"] = "Your address. It may change; your id does not.",
        ["email_verified"] = "Whether you have shown that the address is yours.",
        ["name"] = "What you like to be called.",
        ["picture"] = "Where your picture is.",
        ["created_at"] = "When you signed up",
        ["updated_at"] = "When your profile last changed",
        ["roles"] = "What you may do beyond the usual.",
    };

    private static readonly HashSet<string> Times =
        ["iat", "nbf", "exp", "auth_time", "session_end", "created_at", "updated_at"];

    /// <summary>A member of several values is one claim.</summary>
    public static IEnumerable<ClaimInWords> Of(IEnumerable<Claim> claims) => claims
        .GroupBy(claim => claim.Type, claim => claim.Value)
        .OrderBy(claim => Meanings.IndexOf(claim.Key) is var place and >= 0 ? place : int.MaxValue)
        .Select(claim => new ClaimInWords(claim.Key, string.Join(", ", claim), MeaningOf(claim.Key, claim.First())));

    private static string MeaningOf(string name, string value)
    {
        Meanings.TryGetValue(name, out var meaning);
        return Times.Contains(name) ? $"{meaning}: {TimeInWords(value)}." : meaning ?? "";
    }

    /// <summary>A NumericDate: seconds since 1970, maybe with a fraction (RFC 7519 §2).</summary>
    private static string TimeInWords(string value)
    {
        var seconds = decimal.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture);
        return DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            .ToString("d MMMM yyyy, HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
    }
}
