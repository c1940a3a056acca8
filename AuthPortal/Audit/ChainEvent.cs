using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AuthPortal.Audit;

/// <summary>The part of an event that the chain holds; what is personal it knows by its digest alone.</summary>
internal sealed record ChainEvent(long Seq, DateTimeOffset At, string Type, byte[] PersonalDigest)
{
    /// <summary>
    /// SHA-256 of the hash before it, <c>seq</c>, the time in microseconds since 1970, the length of the type, the type
    /// (UTF-8) and the personal digest: each number eight bytes wide, the highest first.
    /// </summary>
    public byte[] HashAfter(ReadOnlySpan<byte> previous)
    {
        var type = Encoding.UTF8.GetBytes(Type);
        var at = (At.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous);
        Append(hash, Seq);
        Append(hash, at);
        Append(hash, type.Length);
        hash.AppendData(type);
        hash.AppendData(PersonalDigest);
        return hash.GetHashAndReset();
    }

    private static void Append(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        hash.AppendData(bytes);
    }
}

/// <summary>An event in its place, as it is found, with what is left of its details.</summary>
/// <param name="Salt">Null where the details were erased.</param>
internal sealed record SealedEvent(
    long Place,
    byte[] Hash,
    long Seq,
    DateTimeOffset At,
    string Type,
    byte[] PersonalDigest,
    Guid? UserId,
    Guid? Sid,
    string? Ip,
    string? UserAgent,
    string? Details,
    byte[]? Salt)
{
    public ChainEvent Event => new(Seq, At, Type, PersonalDigest);
}

/// <param name="Count">How many events have no place yet.</param>
/// <param name="Oldest">When the oldest of them happened.</param>
internal sealed record UnsealedEvents(long Count, DateTimeOffset? Oldest);
