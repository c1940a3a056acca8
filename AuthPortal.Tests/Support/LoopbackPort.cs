using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace AuthPortal.Tests.Support;

/// <summary>
/// A port of the loopback interface that stays taken until it is disposed: no other program is given it, and nothing
/// answers on it. Sockets of this process (<see cref="Socket"/>) and of child processes may listen on it all the same.
/// </summary>
/// <remarks>
/// A port that is only looked up and given back may be taken by another program before it is used. Linux lets several
/// sockets with SO_REUSEADDR, which .NET sets on all, bind one port while at most one of them listens.
/// </remarks>
internal sealed class LoopbackPort : IDisposable
{
    private static readonly ConcurrentBag<LoopbackPort> ForGood = [];

    private readonly Socket _v4 = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket? _v6 = Socket.OSSupportsIPv6
        ? new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp)
        : null;

    private LoopbackPort()
    {
        _v4.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Number = ((IPEndPoint)_v4.LocalEndPoint!).Port;
    }

    public int Number { get; }

    /// <summary>Its address as a browser has it; <c>localhost</c> is both 127.0.0.1 and ::1.</summary>
    public string Url => $"http://localhost:{Number}";

    public static LoopbackPort Take()
    {
        for (; ; )
        {
            var port = new LoopbackPort();
            if (port.TakesV6())
                return port;
            port.Dispose();
        }
    }

    /// <summary>Takes a port until this process ends.</summary>
    /// <returns>Its number.</returns>
    public static int TakeForGood()
    {
        var port = Take();
        ForGood.Add(port);
        return port.Number;
    }

    public void Dispose()
    {
        _v4.Dispose();
        _v6?.Dispose();
    }

    private bool TakesV6()
    {
        try
        {
            _v6?.Bind(new IPEndPoint(IPAddress.IPv6Loopback, Number));
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            return true;   // a machine that knows IPv6 and has no address of it
        }
        catch (SocketException)
        {
            return false;   // taken there
        }
    }
}
