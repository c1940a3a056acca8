using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace AuthPortal.Web;

/// <summary>A network: all addresses that begin with the same bits.</summary>
/// <param name="Prefix">Those bits, the rest zero: of 32 for IPv4, of the first 64 for IPv6.</param>
/// <param name="Length">How many bits they are, 0 to 64.</param>
internal readonly record struct AddressBlock(AddressFamily Family, ulong Prefix, int Length)
{
    // What hosts and homes are given: of IPv4 a /24 or, with hundreds of neighbours, a /16; of IPv6 one /64, the 256 of
    // a /56, or the 65,536 of a /48.
    private static readonly int[] LengthsOf4 = [16, 24];
    private static readonly int[] LengthsOf6 = [48, 56, 64];

    /// <summary>How many networks <see cref="PathOf"/> names at most.</summary>
    public static int LongestPath => LengthsOf6.Length;

    /// <summary>
    /// How many times what one customer may do all of this network's may: more than one, and far from as many as there
    /// is room for.
    /// </summary>
    public int Share => (Family, Length) switch
    {
        (AddressFamily.InterNetwork, 16) => 16,
        (AddressFamily.InterNetworkV6, 56) => 4,
        (AddressFamily.InterNetworkV6, 48) => 8,
        _ => 1,
    };

    /// <summary>
    /// The networks of an address that one customer may have at hand, the widest first. Each is in the one before.
    /// Callers without an address share one of their own.
    /// </summary>
    public static IReadOnlyList<AddressBlock> PathOf(IPAddress? caller)
    {
        if (caller is null)
            return [default];
        if (caller.IsIPv4MappedToIPv6)
            caller = caller.MapToIPv4();

        var bytes = caller.GetAddressBytes();
        if (caller.AddressFamily == AddressFamily.InterNetworkV6)
        {
            var first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
            return Array.ConvertAll(
                LengthsOf6, length => new AddressBlock(AddressFamily.InterNetworkV6, Cut(first, 64, length), length));
        }

        // On the loopback network every address is a program of this machine's own, and none is a stranger's neighbour.
        var all = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        return IPAddress.IsLoopback(caller)
            ? [new AddressBlock(AddressFamily.InterNetwork, all, 32)]
            : Array.ConvertAll(
                LengthsOf4, length => new AddressBlock(AddressFamily.InterNetwork, Cut(all, 32, length), length));
    }

    /// <summary>The narrowest of <see cref="PathOf"/>: an IPv4 /24 or an IPv6 /64.</summary>
    public static AddressBlock Of(IPAddress? caller) => PathOf(caller)[^1];

    /// <summary>The IPv6 /48 that an address is in: what one customer gets at most. None of IPv4.</summary>
    public static AddressBlock? SiteOf(IPAddress? caller) =>
        PathOf(caller)[0] is { Family: AddressFamily.InterNetworkV6 } site ? site : null;

    /// <summary>
    /// Which of so many buckets it falls into, by a hash that nobody outside the process can compute: each half of the
    /// prefix by itself, since together they would be folded before the process's secret comes in.
    /// </summary>
    /// <param name="buckets">A power of two.</param>
    public int BucketOf(int buckets) =>
        HashCode.Combine(Family, Length, (uint)(Prefix >> 32), (uint)Prefix) & (buckets - 1);

    /// <summary>As a limit or a log names it.</summary>
    public override string ToString() => $"{Family} {Prefix:x}/{Length}";

    private static ulong Cut(ulong prefix, int width, int length) => prefix >> (width - length) << (width - length);
}
