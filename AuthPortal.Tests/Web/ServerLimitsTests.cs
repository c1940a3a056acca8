using System.Net.Sockets;
using System.Text;
using AuthPortal.Tests.Support;
using AuthPortal.Web;
using Xunit;

namespace AuthPortal.Tests.Web;

/// <summary>What one caller may take of the server.</summary>
public sealed class ServerLimitsTests(ServedPortal served) : IClassFixture<ServedPortal>
{
    [Theory]
    [InlineData(long.MaxValue, 20_000)]
    [InlineData(20_000, 19_000)]
    [InlineData(1_024, 1_000)]
    public void Connections_never_take_all_descriptors(long maxOpenFiles, int connections) =>
        Assert.Equal(connections, ServerLimits.ConnectionsFor(maxOpenFiles));

    [Fact]
    public async Task A_body_that_does_not_come_is_not_waited_for()
    {
        var url = new Uri(served.Address);
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            "POST /api/auth/sign-in/email HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: 16000\r\n\r\n{"));
        using var reader = new StreamReader(client.GetStream());

        Assert.Matches("^HTTP/1.1 40[08] ", await reader.ReadToEndAsync());
    }
}
