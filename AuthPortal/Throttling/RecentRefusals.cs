using System.Buffers.Binary;

namespace AuthPortal.Throttling;

/// <summary>
/// Remembers for a second which subjects have nothing left. A flood from many networks passes the flood gate, and would
/// else ask the database with every request; so each instance asks once a second for each subject. Whoever is refused
/// is told to wait a second at least, so nobody waits longer for it.
/// <para>
/// Memory is bounded: subjects share slots by their keyed digest, which nobody outside can compute, and a later one
/// takes the place of an earlier one.
/// </para>
/// </summary>
internal sealed class RecentRefusals(TimeProvider clock)
{
    private const int Slots = 1 << 12;
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    private readonly Refusal?[] _slots = new Refusal?[Slots];

    private sealed record Refusal(byte[] Key, TimeSpan Wait, long At);

    /// <param name="key">The subject's keyed digest.</param>
    /// <param name="wait">Until it may be asked again.</param>
    public void Add(byte[] key, TimeSpan wait) =>
        Volatile.Write(ref SlotOf(key), new Refusal(key, wait, clock.GetTimestamp()));

    /// <summary>Something was given back.</summary>
    public void Forget(byte[] key)
    {
        ref var slot = ref SlotOf(key);
        if (Volatile.Read(ref slot) is { } known && known.Key.AsSpan().SequenceEqual(key))
            Volatile.Write(ref slot, null);
    }

    /// <returns>Until it may be asked again; null where it may be now, as far as is known here.</returns>
    public TimeSpan? FindWait(byte[] key)
    {
        if (Volatile.Read(ref SlotOf(key)) is not { } known || !known.Key.AsSpan().SequenceEqual(key))
            return null;
        var age = clock.GetElapsedTime(known.At);
        return age < Lifetime && age < known.Wait ? known.Wait - age : null;
    }

    private ref Refusal? SlotOf(byte[] key) => ref _slots[BinaryPrimitives.ReadUInt16LittleEndian(key) % Slots];
}
