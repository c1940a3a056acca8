using System.Net;
using AuthPortal.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace AuthPortal.Tests.Web;

/// <summary>To whom <c>/metrics</c> answers; to everybody else it is an address that does not exist.</summary>
public sealed class MetricsPageTests(MetricsPageTests.ReadPortal portal) : IClassFixture<MetricsPageTests.ReadPortal>
{
    private const string Reader = "203.0.113.9";
    private const string Stranger = "198.51.100.7";
    private const string Proxy = "10.0.0.1";

    [Theory]
    [InlineData(Reader, null)]
    [InlineData("::ffff:203.0.113.9", null)]
    [InlineData("2001:db8::9", null)]
    [InlineData(Proxy, Reader)]
    [InlineData(Proxy, $"{Reader}, 10.0.0.2")]
    public async Task A_listed_reader_reads_them(string peer, string? forwarded)
    {
        var (status, text) = await GetAsync(portal, "/metrics", peer, forwarded);

        Assert.Equal(StatusCodes.Status200OK, status);
        Assert.Contains("# TYPE ", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Stranger, null)]
    [InlineData(Stranger, Reader)] // only a proxy may speak for others
    [InlineData(Proxy, null)]
    [InlineData(Proxy, Stranger)]
    [InlineData(Proxy, $"{Reader}, {Stranger}")] // what a visitor claims stands further left
    [InlineData(Reader, Stranger)] // a reader's address, and somebody behind it
    [InlineData(Proxy, $"{Stranger}, {Reader}")]
    public async Task To_anybody_else_there_is_no_such_page(string peer, string? forwarded) =>
        Assert.Equal(
            await GetAsync(portal, "/metrics-that-nobody-made", peer, forwarded),
            await GetAsync(portal, "/metrics", peer, forwarded));

    [Theory]
    [InlineData("POST")]
    [InlineData("DELETE")]
    public async Task There_is_nothing_to_do_there_but_to_read(string method) =>
        Assert.Equal(
            StatusCodes.Status404NotFound,
            (await GetAsync(portal, "/metrics", Reader, forwarded: null, method)).Status);

    [Fact]
    public async Task Unless_somebody_is_listed_nobody_reads_them()
    {
        var shut = portal.Sibling();

        Assert.Equal(StatusCodes.Status404NotFound, (await GetAsync(shut, "/metrics", "127.0.0.1")).Status);
        Assert.Equal(StatusCodes.Status404NotFound, (await GetAsync(shut, "/metrics", "::1")).Status);
    }

    [Fact]
    public async Task In_development_this_machine_reads_them()
    {
        var open = portal.Sibling(other => other.Environment = Environments.Development);

        Assert.Equal(StatusCodes.Status200OK, (await GetAsync(open, "/metrics", "127.0.0.1")).Status);
        Assert.Equal(StatusCodes.Status200OK, (await GetAsync(open, "/metrics", "::1")).Status);
        Assert.Equal(StatusCodes.Status404NotFound, (await GetAsync(open, "/metrics", Stranger)).Status);
    }

    private static async Task<(int Status, string Text)> GetAsync(
        Portal portal, string path, string peer, string? forwarded = null, string method = "GET")
    {
        portal.Stranger().Dispose(); // it starts the portal
        var answer = await portal.Server.SendAsync(context =>
        {
            (context.Request.Method, context.Request.Path) = (method, path);
            (context.Request.Scheme, context.Request.Host) = ("https", new HostString("portal.test"));
            context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
            context.Request.Headers.TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"; // it is shown
            if (forwarded is not null)
                context.Request.Headers["X-Forwarded-For"] = forwarded;
        });
        using var reader = new StreamReader(answer.Response.Body);
        return (answer.Response.StatusCode, await reader.ReadToEndAsync());
    }

    /// <summary>Behind a proxy, and with readers.</summary>
    public sealed class ReadPortal : Portal
    {
        public ReadPortal() => Settings["Proxy:Known:0"] = "10.0.0.0/8";

        /// <summary>As arguments, for it is decided while the portal is set up whether it counts at all.</summary>
        protected override IHost CreateHost(IHostBuilder builder)
        {
            builder.ConfigureHostConfiguration(host => host.AddInMemoryCollection(
                [new("Metrics:Allow:0", "203.0.113.0/24"), new("Metrics:Allow:1", "2001:db8::/32")]));
            return base.CreateHost(builder);
        }
    }
}
