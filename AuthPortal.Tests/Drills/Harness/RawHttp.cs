using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AuthPortal.Tests.Drills.Harness;

/// <param name="Status">Null where no answer came.</param>
internal readonly record struct RawReply(int? Status, bool SaysWhenToComeBack, TimeSpan Took);

/// <summary>
/// HTTP/1.1 over one blocking socket, from an address of choice: so cheap that a crowd of them leaves the machine to
/// the portal, and on a thread of its own, so that what it measures is the portal and not our thread pool.
/// </summary>
internal sealed class RawHttp(string from, int port) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private Socket? _socket;

    public static byte[] Get(string path, string? bearer = null) => Encoding.ASCII.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: localhost\r\n"
        + (bearer is null ? "\r\n" : $"Authorization: Bearer {bearer}\r\n\r\n"));

    /// <param name="headers">Further lines, each with its line break.</param>
    public static byte[] Post(string path, string json, string headers = "") => Encoding.ASCII.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{headers}"
        + $"Content-Length: {json.Length}\r\n\r\n{json}");

    public RawReply Send(byte[] request)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            var socket = _socket ??= Connect();
            socket.Send(request);
            var (head, closes) = Read(socket);
            if (closes)
                Close();
            return new(
                int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture),
                head.Contains("\r\nRetry-After:", StringComparison.OrdinalIgnoreCase),
                Stopwatch.GetElapsedTime(began));
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            Close();
            return new(null, false, Stopwatch.GetElapsedTime(began));
        }
    }

    public void Dispose() => Close();

    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = 60_000,
        };
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }

    /// <summary>Reads one answer to its end.</summary>
    private (string Head, bool Closes) Read(Socket socket)
    {
        var length = 0;
        int headEnd;
        while ((headEnd = _buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8)) < 0)
            length += Receive(socket, length);
        var head = Encoding.ASCII.GetString(_buffer, 0, headEnd + 2);
        var bodyStart = headEnd + 4;
        if (head.Contains("\r\nTransfer-Encoding: chunked\r\n", StringComparison.OrdinalIgnoreCase))
        {
            while (!_buffer.AsSpan(bodyStart, length - bodyStart).EndsWith("0\r\n\r\n"u8))
                length += Receive(socket, length);
        }
        else
        {
            for (var end = bodyStart + ContentLength(head); length < end;)
                length += Receive(socket, length);
        }

        return (head, head.Contains("\r\nConnection: close\r\n", StringComparison.OrdinalIgnoreCase));
    }

    private int Receive(Socket socket, int at) =>
        socket.Receive(_buffer.AsSpan(at)) is > 0 and var count ? count : throw new IOException("The answer was cut.");

    private static int ContentLength(string head)
    {
        const string Name = "\r\nContent-Length: ";
        var at = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return 0;
        var value = head.AsSpan(at + Name.Length);
        return int.Parse(value[..value.IndexOf('\r')], CultureInfo.InvariantCulture);
    }

    private void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
