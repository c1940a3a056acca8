using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthPortal.Features.Sessions;

internal static class ForwardAuthEndpoints
{
    /// <summary>
    /// For a proxy that asks before it lets a request through (nginx <c>auth_request</c>, Traefik and Caddy forward
    /// auth). It never renews: the proxy would drop the cookies.
    /// </summary>
    public static void MapForwardAuth(this IEndpointRouteBuilder api) =>
        api.MapMethods("/verify", [HttpMethods.Get, HttpMethods.Head], Verify).RequireAuthorization()
            .WithMetadata(new NeverRenews())
            .WithSummary("204 and who it is, or 401")
            .Sends(
                new AnswerHeader("X-Auth-User", "The caller's id."),
                new AnswerHeader("X-Auth-Email", "Their address, where they have confirmed that it is theirs."),
                new AnswerHeader("X-Auth-Roles", "Their roles, separated by commas."));

    private static NoContent Verify(CurrentUser caller, HttpResponse response)
    {
        response.Headers["X-Auth-User"] = caller.Id.ToString();
        if (caller.Profile.EmailVerified)
            response.Headers["X-Auth-Email"] = caller.Profile.Email;
        response.Headers["X-Auth-Roles"] = string.Join(',', caller.Person.Roles);
        return TypedResults.NoContent();
    }
}
