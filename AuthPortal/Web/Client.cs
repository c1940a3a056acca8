using System.Net;

namespace AuthPortal.Web;

/// <summary>Who is at the other end of a request, as far as the network says.</summary>
/// <param name="Address">The peer's address; behind a known proxy, the one it names.</param>
/// <param name="UserAgent">At most 512 characters, control characters replaced.</param>
internal sealed record Client(IPAddress? Address, string? UserAgent)
{
    public static Client Of(HttpContext context)
    {
#pragma warning disable RS0030 // the one place that may
        var address = context.Connection.RemoteIpAddress;
#pragma warning restore RS0030
        return new Client(
            address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address,
            PlainText.Tame(context.Request.Headers.UserAgent, 512));
    }
}
