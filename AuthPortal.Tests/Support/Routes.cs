using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AuthPortal.Tests.Support;

/// <summary>Every door there is, as the portal itself lists them.</summary>
internal static partial class Routes
{
    public static IEnumerable<RouteEndpoint> Endpoints(this Portal portal)
    {
        portal.Stranger().Dispose(); // it starts the portal
        return portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();
    }

    /// <summary>One request for each method of each.</summary>
    public static IEnumerable<HttpRequestMessage> Requests(this RouteEndpoint endpoint) =>
        endpoint.Methods().Select(method => new HttpRequestMessage(new HttpMethod(method), endpoint.SamplePath()));

    public static string Pattern(this RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');

    public static bool IsStaticFile(this RouteEndpoint endpoint) =>
        endpoint.Metadata.Any(m => m.GetType().Name.StartsWith("StaticAsset", StringComparison.Ordinal));

    private static IEnumerable<string> Methods(this RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is { Count: > 0 } named ? named : ["GET", "POST"];

    private static string SamplePath(this RouteEndpoint endpoint) => Parameter().Replace(
        endpoint.Pattern(), m => m.Value.Contains("int", StringComparison.Ordinal) ? "404" : $"{Guid.NewGuid()}");

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
