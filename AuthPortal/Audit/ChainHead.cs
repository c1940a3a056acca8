using System.Globalization;
using System.Security.Cryptography;
using AuthPortal.Keys;

namespace AuthPortal.Audit;

/// <summary>Where the chain ends and where it begins.</summary>
/// <param name="AnchorPlace">The last event that retention removed; 0 where none was.</param>
/// <param name="SignedFrom">Since which place every head was found signed by the portal's own secret.</param>
internal sealed record ChainHead(
    long Place, byte[] Hash, long AnchorPlace, byte[] AnchorHash, long SignedFrom, byte[]? Signature);

/// <summary>
/// A chain of plain hashes can be computed anew by whoever may write to the database; its signed head can not, without
/// <c>BETTER_AUTH_SECRET</c>. The links themselves have no key, so that no change of secret can break them.
/// </summary>
internal sealed class HeadSignature(KeyedDigests digests)
{
    private const string Purpose = "audit-head";

    public ChainHead Sign(ChainHead head) => head with { Signature = digests.Of(Purpose, TextOf(head)) };

    /// <summary>Whether any listed secret signed it: one that is no longer first still vouches.</summary>
    public bool Holds(ChainHead head) =>
        head.Signature is { } signature
        && digests.AllOf(Purpose, TextOf(head)).Any(good => CryptographicOperations.FixedTimeEquals(good, signature));

    /// <summary>Whether the secret that is listed first signed it.</summary>
    public bool IsCurrent(ChainHead head) => Sign(head).Signature.AsSpan().SequenceEqual(head.Signature);

    /// <summary>
    /// What may be built upon: where the head is not signed, building says so from then on, for a signature must not
    /// make good what somebody else has written.
    /// </summary>
    public ChainHead Vouch(ChainHead head) => Holds(head) ? head : head with { SignedFrom = head.Place };

    private static string TextOf(ChainHead head) => string.Create(
        CultureInfo.InvariantCulture,
        $"{head.Place} {Hex(head.Hash)} {head.AnchorPlace} {Hex(head.AnchorHash)} {head.SignedFrom}");

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
