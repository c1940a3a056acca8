using AuthPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.SecurityContact;

/// <summary>Whom to tell of a hole (RFC 9116).</summary>
internal static class SecurityContactEndpoints
{
    /// <summary>Under the year that RFC 9116 §2.5.5 advises; a portal that nobody keeps up says nothing.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromDays(90);

    public static void MapSecurityContact(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/.well-known/security.txt", [HttpMethods.Get, HttpMethods.Head], Tell)
            .AllowAnonymous()
            .WithSummary("Whom to tell of a hole")
            .ExcludeFromDescription(); // it is for people

    private static Results<ContentHttpResult, NotFound> Tell(
        IOptions<PortalOptions> portal, TimeProvider clock, HttpResponse response)
    {
        var (contact, url) = (portal.Value.SecurityContact, portal.Value.PublicUrl);
        if (contact.Length == 0)
            return TypedResults.NotFound();

        response.Headers.CacheControl = "public, max-age=3600";
        return TypedResults.Text(
            $"""
            Contact: {contact}
            Expires: {(clock.GetUtcNow() + Life):yyyy-MM-dd}T00:00:00Z
            Canonical: {url}/.well-known/security.txt
            Preferred-Languages: en

            """,
            "text/plain; charset=utf-8");
    }
}
