using System.Net;
using Microsoft.Extensions.Options;

namespace AuthPortal.Web;

/// <summary>Who may read <c>/metrics</c>. Section <c>Metrics</c>.</summary>
internal sealed class MetricsOptions
{
    public const string Section = "Metrics";

    /// <summary>
    /// Addresses, or networks such as <c>10.0.0.0/8</c>. None: there is no such page; in Development this machine may.
    /// </summary>
    public IList<string> Allow { get; set; } = [];

    public void AllowThisMachineUnlessChosen(bool isDevelopment)
    {
        if (isDevelopment && Allow.Count == 0)
            Allow = ["127.0.0.0/8", "::1"];
    }
}

/// <summary>Knows a reader by the address that <see cref="ForwardedFor"/> has settled.</summary>
internal sealed class MetricsReaders(IOptions<MetricsOptions> options)
{
    private readonly IPNetwork[] _networks = [.. options.Value.Allow.Select(ForwardedFor.TryParse).OfType<IPNetwork>()];

    public bool Include(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method)
        // What is left of it was not believed: the address is a proxy's, and whoever stands behind it may be anybody.
        && !context.Request.Headers.ContainsKey("X-Forwarded-For")
        && Client.Of(context).Address is { } address
        && Array.Exists(_networks, network => network.Contains(address));
}
