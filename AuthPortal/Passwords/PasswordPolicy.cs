using AuthPortal.Languages;
using AuthPortal.Web;
using AuthPortal.Web.Brand;
using Microsoft.Extensions.Options;

namespace AuthPortal.Passwords;

/// <summary>
/// Which passwords may be chosen. NIST SP 800-63B-4 §3.1.1.2: a length, a list of those that attackers try first,
/// and the words around the person; no rules of composition.
/// </summary>
internal sealed class PasswordPolicy(IOptions<PasswordOptions> options, IOptions<BrandOptions> brand)
{
    private const string ProductName = "authportal";

    /// <summary>In Unicode code points after NFKC.</summary>
    public int MinimumLength => options.Value.MinimumLength;

    /// <summary>What a form says beside the field.</summary>
    public Phrase Hint =>
        new("At least {0} characters. Several unrelated words work well.", options.Value.MinimumLength);

    /// <summary>Null where the password may be chosen.</summary>
    public AuthError? Check(string password, string? email, string? name)
    {
        var (chosen, error) = NormalizedPassword.From(password);
        if (string.IsNullOrEmpty(password) || chosen?.Length < options.Value.MinimumLength)
            return AuthErrors.PasswordTooShort(options.Value.MinimumLength);
        if (chosen is null)
            return error;

        var word = chosen.Folded.Trim();
        if (CommonPasswords.Contains(chosen.Folded) || IsNameOfPortal(word))
            return AuthErrors.PasswordTooCommon;

        return word.Length > 0 && IsPersonal(word, email, name) ? AuthErrors.PasswordIsPersonal : null;
    }

    private bool IsNameOfPortal(string word) =>
        word == ProductName || word == NormalizedPassword.Fold(brand.Value.Title);

    private static bool IsPersonal(string word, string? email, string? name)
    {
        var address = NormalizedPassword.Fold(email ?? "").Trim();
        var at = address.LastIndexOf('@');
        return word == address
            || (at > 0 && word == address[..at])
            || word == NormalizedPassword.Fold(name ?? "").Trim();
    }
}
