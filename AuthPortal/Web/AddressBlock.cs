using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace AuthPortal.Web;

/// <summary>The addresses that one customer of a network has at hand: an IPv4 /24 or an IPv6 /64.</summary>
internal readonly record struct AddressBlock(AddressFamily Family, ulong Prefix)
{
    /// <summary>Callers without an address share a block of their own.</summary>
    public static AddressBlock Of(IPAddress? caller)
    {
        if (caller is null)
            return default;
        if (caller.IsIPv4MappedToIPv6)
            caller = caller.MapToIPv4();

        var bytes = caller.GetAddressBytes();
        if (caller.AddressFamily == AddressFamily.InterNetworkV6)
            return new AddressBlock(caller.AddressFamily, BinaryPrimitives.ReadUInt64BigEndian(bytes));

        // On the loopback network every address is a program of this machine's own, and none is a stranger's neighbour.
        var prefix = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        return new AddressBlock(caller.AddressFamily, IPAddress.IsLoopback(caller) ? prefix : prefix & 0xFFFFFF00);
    }

    /// <summary>The IPv6 /48 that an address is in: what one customer gets at most. None of IPv4.</summary>
    public static AddressBlock? SiteOf(IPAddress? caller) =>
        Of(caller) is { Family: AddressFamily.InterNetworkV6 } block
            ? block with { Prefix = block.Prefix >> 16 }
            : null;

    /// <summary>As a limit or a log names it.</summary>
    public override string ToString() => $"{Family} {Prefix:x}";
}
