using AuthPortal.Throttling;
using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthPortal.Features.Sessions;

internal static class SessionEndpoints
{
    public static void MapSessions(this IEndpointRouteBuilder api)
    {
        api.MapGet("/get-session", GetSession).WithMetadata(new TakesRefreshToken())
            .WithSummary("Who is signed in: the session and the user, or null")
            .Produces<SessionAndUser>().Produces<JsonNull>().Sends(AnswerHeader.AccessToken);
        api.MapGet("/token", GetToken).WithMetadata(new TakesRefreshToken()).RequireAuthorization()
            .WithName("getToken").WithSummary("An access token to send to other services");
        api.MapPost("/sign-out", SignOutAsync).WithMetadata(new TakesRefreshToken(), new NoFlood())
            .WithSummary("End this session");
        api.MapPost("/revoke-sessions", RevokeAllAsync).RequireAuthorization().WithMetadata(new ThrowsOut())
            .WithSummary("Sign out everywhere").Refuses(AuthErrors.AccountTakenBack);
    }

    internal sealed record TokenOnly(string Token);

    internal sealed record SignedOut(bool Success);

    private static IResult GetSession(CurrentUser? caller, TokenCopies copies, HttpContext context)
    {
        if (caller is null)
            return TypedResults.Text("null", "application/json");

        var view = SessionView.Of(caller.Session, caller.IssuedAt, Client.Of(context));
        context.Response.Headers["set-auth-jwt"] = copies.For(caller);
        return TypedResults.Ok(new SessionAndUser(view, caller.Profile));
    }

    private static Ok<TokenOnly> GetToken(CurrentUser caller, TokenCopies copies) =>
        TypedResults.Ok(new TokenOnly(copies.For(caller)));

    private static async Task<Ok<SignedOut>> SignOutAsync(
        JsonBody<EmptyBody> body, SignOutService signOut, HttpContext context, CancellationToken ct)
    {
        await signOut.SignOutAsync(context, ct);
        return TypedResults.Ok(new SignedOut(true));
    }

    private static async Task<Results<Ok<Done>, AuthError>> RevokeAllAsync(
        JsonBody<EmptyBody> body,
        CurrentUser caller,
        SessionEnder ender,
        AuthCookies cookies,
        HttpContext context,
        CancellationToken ct)
    {
        if (await ender.EndAllAsync(caller.Session, Client.Of(context), ct) is { } refusal)
            return refusal;
        cookies.Clear(context.Response);
        return Done.Ok;
    }
}
