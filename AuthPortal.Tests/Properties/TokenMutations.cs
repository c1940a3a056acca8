using System.Buffers.Text;
using System.Text;
using CsCheck;

namespace AuthPortal.Tests.Properties;

/// <summary>A good token with something done to it: to its bytes, to their spelling, to its parts.</summary>
internal static class TokenMutations
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /// <summary>A place in whatever is there: taken modulo its length.</summary>
    private static readonly Gen<int> Place = Gen.Int[0, 9_999];

    private static readonly Gen<string> Insertion = Gen.Frequency(
        (3, Gen.OneOf("=", "==", " ", "\t", ".", "..", ",", ";", "\"", "+", "/", "%2E", "%3D", "\\u002e", "\u00A0", "\uFEFF")),
        (1, Gen.Char[Alphabet].Select(c => $"{c}")),
        (1, Texts.Character));

    private delegate string Mutation(string token);

    /// <param name="good">What is mutated.</param>
    /// <param name="other">Another good token, of which parts are taken.</param>
    public static Gen<string> Of(string good, string other) =>
        Gen.Frequency((6, 1), (2, 2), (1, 3)).SelectMany(count => AnyOf(other).Array[count])
            .Select(mutations => mutations.Aggregate(good, (token, mutate) => mutate(token)))
            .Where(mutated => mutated != good && mutated != other);

    private static Gen<Mutation> AnyOf(string other) => Gen.Frequency(
        (4, Spelling()), (3, Bytes()), (3, Parts(other)), (1, Whole(other)));

    /// <summary>A letter more, a letter less, or another letter.</summary>
    private static Gen<Mutation> Spelling() => Gen.OneOf(
        Gen.Select(Place, Insertion, (at, text) => new Mutation(t => t.Insert(at % (t.Length + 1), text))),
        Gen.Select(Place, Gen.Int[1, 8], (at, length) => new Mutation(t => Without(t, at, length))),
        Gen.Select(Place, Insertion, (at, text) => new Mutation(t => t.Length == 0 ? t : Without(t, at, 1).Insert(at % t.Length, text))),
        Place.Select(at => new Mutation(t => t[..(at % (t.Length + 1))])),
        Gen.Select(Place, Gen.Int[0, 6], (at, bit) => new Mutation(t => OneChanged(t, at, c => (char)(c ^ (1 << bit))))),
        Place.Select(at => new Mutation(t => OneChanged(
            t, at, c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)))),
        Place.Select(at => new Mutation(t => OneChanged( // as wide as a Chinese letter: NFKC would put it right
            t, at, c => c is > ' ' and < '\u007F' ? (char)(c + 0xFEE0) : c))));

    /// <summary>A part that is decoded, changed and encoded again.</summary>
    private static Gen<Mutation> Bytes() => Gen.OneOf(
        Gen.Select(Place, Place, Gen.Int[0, 7], (part, at, bit) => OfPart(part, bytes => bytes[at % bytes.Length] ^= (byte)(1 << bit))),
        Gen.Select(Place, Place, Gen.Byte, (part, at, value) => OfPart(part, bytes => bytes[at % bytes.Length] = value)),
        Gen.Select(Place, Place, (part, at) => OfPart(part, bytes => Array.Reverse(bytes, at % bytes.Length, bytes.Length - (at % bytes.Length)))),
        Gen.Select(Place, Gen.Byte.Array[1, 4], (part, more) => OfPart(
            part, encoded => Base64Url.EncodeToString([.. Decoded(encoded), .. more]))),
        Gen.Select(Place, Gen.Int[1, 4], (part, fewer) => OfPart(
            part, encoded => Base64Url.EncodeToString(Decoded(encoded).SkipLast(fewer).ToArray()))),
        Place.Select(part => OfPart(part, encoded => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(Decoded(encoded)).Replace("{", "{ ", StringComparison.Ordinal))))));

    /// <summary>A part spelt otherwise, doubled, left out, moved, or taken from elsewhere.</summary>
    private static Gen<Mutation> Parts(string other) => Gen.OneOf(
        Gen.Select(Place, Gen.Int[1, 3], (part, pad) => OfPart(part, encoded => encoded + new string('=', pad))),
        Gen.Select(Place, Gen.Int[1, 15], (part, stray) => OfPart(part, encoded => WithStrayBits(encoded, stray))),
        Place.Select(part => OfPart(part, encoded => encoded.Replace('-', '+').Replace('_', '/'))),
        Place.Select(part => OfPart(part, encoded => encoded.ToLowerInvariant())),
        Place.Select(part => OfPart(part, _ => "")),
        Place.Select(part => OfPart(part, encoded => $"{encoded}.{encoded}")),
        Place.Select(part => new Mutation(t => Joined(t, parts => parts.RemoveAt(part % parts.Count)))),
        Place.Select(part => new Mutation(t => Joined(t, parts => parts[part % parts.Count] = other.Split('.')[part % 3]))),
        Gen.Select(Place, Place, (one, two) => new Mutation(t => Joined(t, parts =>
            (parts[one % parts.Count], parts[two % parts.Count]) = (parts[two % parts.Count], parts[one % parts.Count])))));

    private static Gen<Mutation> Whole(string other) => Gen.OneOf<Mutation>(
        t => $"{t}.{other}", t => $"{t},{other}", t => $"{t} {other}", t => $"\"{t}\"", t => $"Bearer {t}", t => $"{t}\0",
        t => t + t, t => t.ToUpperInvariant(), t => Uri.EscapeDataString(t + " "), t => $"{{\"token\":\"{t}\"}}",
        t => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(t)), t => t.Replace('.', '\u3002'), _ => "");

    private static Mutation OfPart(int part, Action<byte[]> change) => OfPart(part, encoded =>
    {
        var bytes = Decoded(encoded);
        if (bytes.Length > 0)
            change(bytes);
        return Base64Url.EncodeToString(bytes);
    });

    private static Mutation OfPart(int part, Func<string, string> change) =>
        token => Joined(token, parts => parts[part % parts.Count] = change(parts[part % parts.Count]));

    private static string Joined(string token, Action<List<string>> change)
    {
        var parts = token.Split('.').ToList();
        change(parts);
        return string.Join('.', parts);
    }

    private static string Without(string text, int at, int length) =>
        text.Length == 0 ? text : text.Remove(at % text.Length, Math.Min(length, text.Length - (at % text.Length)));

    /// <summary>In the last letter there may be bits that no byte has a use for (RFC 4648 §3.5).</summary>
    private static string WithStrayBits(string part, int stray)
    {
        var unused = (part.Length % 4) switch { 2 => 0b1111, 3 => 0b11, _ => 0 };
        var last = part.Length == 0 ? -1 : Alphabet.IndexOf(part[^1], StringComparison.Ordinal);
        return last < 0 ? part : part[..^1] + Alphabet[last | (stray & unused)];
    }

    private static string OneChanged(string text, int at, Func<char, char> change) =>
        text.Length == 0 ? text : text.Remove(at % text.Length, 1).Insert(at % text.Length, $"{change(text[at % text.Length])}");

    /// <summary>Nothing where an earlier mutation left nothing to decode.</summary>
    private static byte[] Decoded(string part) => Base64Url.IsValid(part) ? Base64Url.DecodeFromChars(part) : [];
}
