using System.Net.Sockets;
using System.Text;
using AuthPortal.Tests.Support;
using CsCheck;
using Xunit;

namespace AuthPortal.Tests.Properties;

/// <summary>The same to a server of its own, byte by byte: what it makes of a header before the portal sees it.</summary>
[Trait("Category", "Fuzz")]
public sealed class WireProperties(ServedPortalOfAda served) : IClassFixture<ServedPortalOfAda>
{
    [Theory]
    [InlineData("Authorization: Bearer ")]
    [InlineData("Cookie: authportal.access=")]
    public async Task No_mutation_of_a_token_is_one(string header)
    {
        Assert.Equal(200, await StatusAsync(header + served.Ada.AccessToken));

        await TokenMutations.Of(served.Ada.AccessToken, Forged()).Where(mutated => !Ends(mutated))
            .HoldAsync(100, 5_000, async mutated => Assert.Contains(await StatusAsync(header + mutated), (int[])[400, 401, 431]));
    }

    [Fact]
    public Task Any_header_gets_an_answer() =>
        Gen.Select(Texts.Any, Texts.Any).HoldAsync(100, 5_000, async sample =>
        {
            var (name, value) = sample;
            Assert.InRange(await StatusAsync($"{name}: {value}\r\nCookie: {value}; {name}={served.Ada.AccessToken}"), 200, 499);
        });

    /// <summary>Whether the good token ends before what was added: at a blank, at the next cookie or the next line.</summary>
    private bool Ends(string mutated) => mutated.Split('\r', '\n', ';')[0].Trim(' ', '\t') == served.Ada.AccessToken;

    private string Forged() => string.Join('.', served.Ada.AccessToken.Split('.').Select(part => part[..^4] + "AAAA"));

    private async Task<int> StatusAsync(string headers)
    {
        var url = new Uri(served.Address);
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
            $"GET /api/me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n\r\n"));
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        var line = await reader.ReadLineAsync();
        return int.Parse(line!.Split(' ')[1], null);
    }
}
