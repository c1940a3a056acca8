using System.Buffers;
using System.Globalization;
using System.Text;
using AuthPortal.Web;

namespace AuthPortal.Users;

/// <summary>
/// One mailbox, in the two forms the portal keeps. Every comparison and the unique index use the canonical one,
/// so that no second spelling of an address can stand for somebody else's account (CVE-2019-19844).
/// </summary>
/// <param name="Typed">Trimmed and in NFKC, letters as the person typed them: at most 254. Mail goes here.</param>
/// <param name="Canonical">ASCII and lower case, the domain in punycode: at most 254 characters.</param>
internal sealed record EmailAddress(string Typed, string Canonical)
{
    /// <summary>More is refused unread; what is kept has 254 at most.</summary>
    public const int MaxTyped = 320;

    // RFC 5321 §4.1.2: a dot-string of atoms. Quoted local parts are refused: mailers misroute them (CVE-2022-35924).
    private static readonly SearchValues<char> Atom =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.!#$%&'*+-/=?^_`{|}~");

    private static readonly SearchValues<char> HostName = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-");

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    public static EmailAddress? TryParse(string? text)
    {
        if (text is not { Length: > 0 and <= MaxTyped } || !PlainText.IsText(text))
            return null;

        var typed = text.Normalize(NormalizationForm.FormKC).Trim();
        var at = typed.IndexOf('@', StringComparison.Ordinal);
        if (at < 1 || at != typed.LastIndexOf('@'))
            return null;

        var local = typed[..at].ToLowerInvariant();
        var domain = ToAscii(typed[(at + 1)..]);
        var canonical = $"{local}@{domain}";
        if (!IsLocalPart(local) || domain is null || !IsHostName(domain) || canonical.Length > 254)
            return null;

        if (Ascii.IsValid(typed))
            return new EmailAddress(typed, canonical);

        // A domain beyond ASCII is written back from its punycode: invisible characters vanish on the way there.
        return ToUnicode(domain) is { } readable ? new EmailAddress($"{typed[..at]}@{readable}", canonical) : null;
    }

    public override string ToString() => Canonical;

    private static bool IsLocalPart(string local) =>
        local.Length <= 64 && !local.AsSpan().ContainsAnyExcept(Atom)
        && local[0] != '.' && local[^1] != '.' && !local.Contains("..", StringComparison.Ordinal);

    private static bool IsHostName(string domain) =>
        domain.Contains('.', StringComparison.Ordinal) && !domain.AsSpan().ContainsAnyExcept(HostName)
        && domain.Split('.').All(l => l is { Length: > 0 and <= 63 } && l[0] != '-' && l[^1] != '-');

    private static string? ToAscii(string domain) => Idna(() => Idn.GetAscii(domain).ToLowerInvariant());

    private static string? ToUnicode(string domain) => Idna(() => Idn.GetUnicode(domain));

    /// <returns>Null for what is no internationalised name, in the one direction or in the other.</returns>
    private static string? Idna(Func<string> convert)
    {
        try
        {
            return convert();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
