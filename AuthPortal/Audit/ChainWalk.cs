using System.Globalization;
using System.Text.Json;

namespace AuthPortal.Audit;

/// <summary>What somebody noted of the chain's head at another time, and kept elsewhere.</summary>
internal sealed record ChainNote(long Place, byte[] Hash)
{
    /// <param name="text">As <c>audit verify</c> prints it: <c>PLACE:HASH</c>.</param>
    public static ChainNote? Parse(string text)
    {
        if (text.Split(':') is not [var place, { Length: 64 } hash] || !hash.All(char.IsAsciiHexDigit)
            || !long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        return new ChainNote(number, Convert.FromHexString(hash));
    }

    public static string Of(ChainHead head) =>
        string.Create(CultureInfo.InvariantCulture, $"{head.Place}:{Convert.ToHexStringLower(head.Hash)}");
}

/// <param name="Kind"><c>altered</c>, <c>removed</c>, <c>inserted</c> or <c>unsigned</c>.</param>
/// <param name="Place">Of the first event it concerns.</param>
internal sealed record ChainFault(string Kind, long Place, string Words)
{
    public const string Altered = "altered";
    public const string Removed = "removed";
    public const string Inserted = "inserted";
    public const string Unsigned = "unsigned";
}

/// <summary>Goes along the chain, event by event, and finds the first that is not as it was sealed.</summary>
internal sealed class ChainWalk(ChainHead head, ChainNote? noted = null)
{
    private const int LookBack = 1000;

    // The latest hashes: what was put in between is found by what followed from the one before it.
    private readonly Queue<byte[]> _latest = new([head.AnchorHash]);

    /// <summary>Of the last event that was taken.</summary>
    public long Place { get; private set; } = head.AnchorPlace;

    public byte[] Hash { get; private set; } = head.AnchorHash;

    /// <summary>How many had their details erased.</summary>
    public long Erased { get; private set; }

    /// <returns>Null where it follows from the one before it, and its details are those that were written.</returns>
    public ChainFault? Take(SealedEvent next)
    {
        var (name, at) = (NameOf(next), Place + 1);
        if (next.Place > at)
            return new(ChainFault.Removed, at, $"event {at} was removed; the next one left is {name}.");
        if (next.Place < at)
            return new(ChainFault.Inserted, next.Place, $"{name} was inserted: that place is taken.");
        if (next.Place > head.Place)
            return new(ChainFault.Inserted, next.Place, $"{name} was inserted: event {head.Place} was sealed last.");
        if (!next.Event.HashAfter(Hash).AsSpan().SequenceEqual(next.Hash))
            return NotFollowing(next);
        if (next.Salt is null)
            Erased++;
        else if (!HasItsDetails(next))
            return new(ChainFault.Altered, at, $"the details of {name} were altered.");

        (Place, Hash) = (next.Place, next.Hash);
        if (noted?.Place == Place && !noted.Hash.AsSpan().SequenceEqual(Hash))
            return new(ChainFault.Altered, Place, $"{name} is not the one noted: it, or one before it, was altered.");
        _latest.Enqueue(Hash);
        if (_latest.Count > LookBack)
            _latest.Dequeue();
        return null;
    }

    private ChainFault NotFollowing(SealedEvent next)
    {
        var before = _latest.ToList()
            .FindLastIndex(hash => next.Event.HashAfter(hash).AsSpan().SequenceEqual(next.Hash));
        if (before < 0)
        {
            return new(ChainFault.Altered, next.Place, $"{NameOf(next)} does not follow from the one before it: it was "
                + "altered or moved, or the one before it was.");
        }

        var first = Place - (_latest.Count - 2 - before);
        return new(ChainFault.Inserted, first,
            $"event {first} was inserted: {NameOf(next)} follows from the one before that.");
    }

    private static bool HasItsDetails(SealedEvent found)
    {
        try
        {
            var details = JsonSerializer.Deserialize<Dictionary<string, string>>(found.Details!)!;
            var digest = AuditStore.Digest(
                found.Salt!, found.UserId, found.Sid, found.Ip, found.UserAgent, details);
            return digest.AsSpan().SequenceEqual(found.PersonalDigest);
        }
        catch (JsonException)
        {
            // We write nothing but texts.
            return false;
        }
    }

    private static string NameOf(SealedEvent found) => string.Create(
        CultureInfo.InvariantCulture,
        $"event {found.Place} ({found.Type}, {found.At:yyyy-MM-dd HH:mm:ss}Z, seq {found.Seq})");
}
