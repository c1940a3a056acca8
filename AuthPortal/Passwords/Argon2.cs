using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Konscious.Security.Cryptography;

namespace AuthPortal.Passwords;

/// <summary>
/// Argon2 hashes (RFC 9106) in the PHC string format, as Supabase, Keycloak, Kratos, Django and Laravel write them, of
/// the password as it was typed. Memory and time are bounded: what asks for more is not read.
/// </summary>
internal sealed partial class Argon2 : IPasswordScheme
{
    /// <summary>In KiB, as they are written: each hashing thread may need as much.</summary>
    public const int MostMemory = 128 * 1024;

    private const int MostPasses = 16;
    private const int MostLanes = 16;

    // KiB times passes that take about as long as one round of bcrypt: an estimate, until each has signed in once.
    private const int PerRound = 48;

    public StoredPassword? Read(string storedHash)
    {
        var match = Form().Match(storedHash);
        if (!match.Success || match.Number("m") is not (>= 8 and <= MostMemory and var memory)
            || match.Number("t") is not (>= 1 and <= MostPasses and var passes)
            || match.Number("p") is not (>= 1 and <= MostLanes and var lanes)
            || match.Bytes("salt") is not { Length: >= 8 } salt || match.Bytes("key") is not { Length: >= 16 } key)
        {
            return null;
        }

        var isId = match.Groups["kind"].Value == "id";
        return new StoredPassword(
            (long)memory * passes / PerRound,
            IsCurrent: false,
            password => CryptographicOperations.FixedTimeEquals(Derive(password.Typed), key));

        byte[] Derive(string typed)
        {
            var text = Encoding.UTF8.GetBytes(typed);
            using Konscious.Security.Cryptography.Argon2 argon2 = isId ? new Argon2id(text) : new Argon2i(text);
            argon2.Salt = salt;
            argon2.MemorySize = memory;
            argon2.Iterations = passes;
            argon2.DegreeOfParallelism = lanes;
            return argon2.GetBytes(key.Length);
        }
    }

    [GeneratedRegex(
        @"\A(argon2)?\$argon2(?<kind>id?)\$v=19\$m=(?<m>[0-9]{1,6}),t=(?<t>[0-9]{1,2}),p=(?<p>[0-9]{1,2})"
        + @"\$(?<salt>[A-Za-z0-9+/]{11,86})\$(?<key>[A-Za-z0-9+/]{22,86})\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
