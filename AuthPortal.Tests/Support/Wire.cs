using System.Net.Sockets;
using System.Text;

namespace AuthPortal.Tests.Support;

/// <summary>HTTP by the byte, for requests that no client library would send.</summary>
internal static class Wire
{
    /// <summary>Sends these very characters, as UTF-8, on a connection of their own.</summary>
    /// <returns>All that the server answers before it closes the connection, which it must.</returns>
    public static async Task<string> SendRawAsync(this ServedPortal portal, string request)
    {
        var url = new Uri(portal.Address);
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request));
        var (answer, part) = (new StringBuilder(), new byte[4096]);
        using var patience = new CancellationTokenSource(Eventually.Limit);
        try
        {
            while (await stream.ReadAsync(part, patience.Token) is var read and > 0)
                answer.Append(Encoding.Latin1.GetString(part, 0, read));
        }
        catch (IOException)
        {
            // closed upon what it had not read: what it said before has arrived
        }

        return answer.ToString();
    }
}
