using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace AuthPortal.Web;

/// <summary>Who may say which address a request came from. Section <c>Proxy</c>.</summary>
internal sealed class ProxyOptions
{
    /// <summary>
    /// The proxies in front, each an address or a network such as <c>10.1.2.0/28</c>, and nobody else in it: whoever is
    /// may say any address is theirs. None: the peer's own counts, and behind a proxy everybody is one and the same.
    /// </summary>
    public IList<string> Known { get; set; } = [];
}

/// <summary>
/// Believes <c>X-Forwarded-For</c> from known proxies alone (ASVS 4.1.3), and nothing else that is forwarded: scheme
/// and host are the public URL's.
/// </summary>
internal sealed class ForwardedFor(IOptions<ProxyOptions> proxy) : IConfigureOptions<ForwardedHeadersOptions>
{
    public void Configure(ForwardedHeadersOptions options)
    {
        options.ForwardedHeaders = proxy.Value.Known.Count > 0 ? ForwardedHeaders.XForwardedFor : ForwardedHeaders.None;
        options.ForwardLimit = null; // every proxy on the way must be known; the first that is not ends the walk
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var known in proxy.Value.Known.Select(TryParse).OfType<IPNetwork>())
            options.KnownIPNetworks.Add(known);
    }

    /// <returns>A network, be it of one address; null where the text is neither.</returns>
    public static IPNetwork? TryParse(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;
}
