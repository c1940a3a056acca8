using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AuthPortal.Tests.Support;

/// <summary>What a proxy does with a piece that a client sends.</summary>
internal enum Passage
{
    Forward,

    /// <summary>Passes it on and cuts the connection: the server has it, and the client never hears.</summary>
    ForwardThenCut,

    /// <summary>Cuts the connection instead: the server never has it. To the client it is the same.</summary>
    CutInstead,
}

/// <summary>A wire on the loopback that can be slow, torn, and listened to.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly int _target;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Wire, bool> _wires = new();
    private readonly Task _serving;
    private int _roundTrips;

    private TcpProxy(int target)
    {
        _target = target;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        _serving = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How long every piece is under way, in either direction.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>What a connection waits for before it is let through.</summary>
    public Func<Task> Gate { get; set; } = () => Task.CompletedTask;

    /// <summary>Sees every piece that a client sends, and says what becomes of it.</summary>
    public Func<ReadOnlyMemory<byte>, Passage> Watch { get; set; } = _ => Passage.Forward;

    /// <summary>How often a client spoke after the server had.</summary>
    public int RoundTrips => _roundTrips;

    public int Connections => _wires.Count;

    public static TcpProxy To(int target) => new(target);

    /// <summary>Whether a piece tells PostgreSQL to commit; <c>READ COMMITTED</c> goes on otherwise.</summary>
    public static bool IsCommit(ReadOnlyMemory<byte> piece) => piece.Span.IndexOf("COMMIT\0"u8) >= 0;

    /// <summary>The same connection string, by this way.</summary>
    public string Through(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Host = "127.0.0.1", Port = Port }.ConnectionString;

    /// <summary>Tears every connection there is; new ones are let through.</summary>
    public int CutAll()
    {
        var wires = _wires.Keys.ToList();
        wires.ForEach(wire => wire.Cut());
        return wires.Count;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _serving;
        CutAll();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            for (; ; )
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // it is over
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        var wire = new Wire(client, server);
        _wires[wire] = true;
        try
        {
            await Gate();
            await server.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
            client.NoDelay = server.NoDelay = true;
            await Task.WhenAny(UpAsync(wire), DownAsync(wire));
        }
        catch (Exception e) when (IsTorn(e))
        {
            // one end or the other has gone
        }
        finally
        {
            wire.Cut();
            _wires.TryRemove(wire, out _);
        }
    }

    private async Task UpAsync(Wire wire)
    {
        await PumpAsync(wire.Client, async piece =>
        {
            if (Interlocked.Exchange(ref wire.ServerSpoke, 0) == 1)
                Interlocked.Increment(ref _roundTrips);
            var passage = Watch(piece);
            if (passage != Passage.CutInstead)
                await wire.Server.GetStream().WriteAsync(piece, _end.Token);
            return passage == Passage.Forward;
        });
    }

    private Task DownAsync(Wire wire) => PumpAsync(wire.Server, async piece =>
    {
        Interlocked.Exchange(ref wire.ServerSpoke, 1);
        await wire.Client.GetStream().WriteAsync(piece, _end.Token);
        return true;
    });

    private async Task PumpAsync(TcpClient from, Func<ReadOnlyMemory<byte>, Task<bool>> pass)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await from.GetStream().ReadAsync(buffer, _end.Token)) > 0)
            {
                if (Delay > TimeSpan.Zero)
                    await Task.Delay(Delay, _end.Token);
                if (!await pass(buffer.AsMemory(0, read)))
                    return;
            }
        }
        catch (Exception e) when (IsTorn(e))
        {
            // the connection has ended
        }
    }

    private static bool IsTorn(Exception e) => e is IOException or SocketException or ObjectDisposedException
        or OperationCanceledException or InvalidOperationException;

    private sealed class Wire(TcpClient client, TcpClient server)
    {
        /// <summary>One where the client's next word begins another round trip.</summary>
        public int ServerSpoke = 1;

        public TcpClient Client => client;

        public TcpClient Server => server;

        /// <summary>Without a farewell: to both ends it is a reset.</summary>
        public void Cut()
        {
            foreach (var end in (TcpClient[])[client, server])
            {
                if (end.Client is { } socket)
                    socket.LingerState = new LingerOption(true, 0);
                end.Dispose();
            }
        }
    }
}
