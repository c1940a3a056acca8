using AuthPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthPortal.Keys;

/// <summary>Where other services learn what verifies our tokens.</summary>
internal static class JwksEndpoints
{
    public static void MapJwks(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/.well-known/jwks.json", [HttpMethods.Get, HttpMethods.Head], Serve)
            .AllowAnonymous().WithMetadata(new PublicDocument())
            .Produces<KeySet>().Revalidates().WithName("getKeySet").WithSummary("The keys that verify access tokens");
        routes.MapGet("/api/auth/jwks", Serve).AllowAnonymous().WithMetadata(new PublicDocument())
            .Produces<KeySet>().Revalidates()
            .WithName("getJwks").WithSummary("The same keys, where Better Auth has them");
    }

    // An hour is little beside a rotation, whose next key is published a whole period ahead.
    private static FileContentHttpResult Serve(KeyRing ring, HttpResponse response)
    {
        var published = ring.Published;
        response.Headers.CacheControl = "public, max-age=3600";
        return TypedResults.Bytes(published.Json, "application/json", entityTag: published.ETag);
    }
}
