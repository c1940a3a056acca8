using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace AuthPortal.Passwords;

/// <summary>
/// PBKDF2 hashes that are text: Django's <c>pbkdf2_sha256$ITERATIONS$SALT$KEY</c>, whose salt is the text itself, and
/// passlib's <c>$pbkdf2-sha256$ITERATIONS$SALT$KEY</c>, as Keycloak's are brought. Of the password as it was typed.
/// What comparing is asked to spend is judged first.
/// </summary>
internal sealed partial class TextPbkdf2 : IPasswordScheme
{
    private const int FewestBytes = 16;
    private const int MostBytes = 64;

    public StoredPassword? Read(string storedHash)
    {
        var match = Form().Match(storedHash);
        if (!match.Success
            || match.Number("iterations") is not (>= 1 and <= IdentityPbkdf2.MostIterations and var times)
            || match.Bytes("key") is not { Length: >= FewestBytes and <= MostBytes } key
            || SaltOf(match) is not { } salt)
        {
            return null;
        }

        var hash = match.Groups["hash"].Value switch
        {
            "sha1" => HashAlgorithmName.SHA1,
            "sha256" => HashAlgorithmName.SHA256,
            _ => HashAlgorithmName.SHA512,
        };
        return new StoredPassword(
            IdentityPbkdf2.RoundsOf(hash, times, key.Length),
            IsCurrent: false,
            password => CryptographicOperations.FixedTimeEquals(
                Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password.Typed), salt, times, hash, key.Length), key));
    }

    private static byte[]? SaltOf(Match match) => match.Groups["text"] is { Success: true } text
        ? Encoding.UTF8.GetBytes(text.Value)
        : match.Bytes("salt");

    [GeneratedRegex(
        """
        \A(
          pbkdf2_(?<hash>sha1|sha256|sha512)\$(?<iterations>[0-9]{1,7})
          \$(?<text>[^$]{1,128})\$(?<key>[A-Za-z0-9+/]{20,88}={0,2})
        | \$pbkdf2-(?<hash>sha1|sha256|sha512)\$(i=)?(?<iterations>[0-9]{1,7})(,l=[0-9]{1,3})?
          \$(?<salt>[A-Za-z0-9+/.]{4,88}={0,2})\$(?<key>[A-Za-z0-9+/.]{20,88}={0,2})
        )\z
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
