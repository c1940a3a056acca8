using System.Text.Json.Serialization;
using AuthPortal.Throttling;
using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthPortal.Features.Sessions;

/// <summary>What a program sends to renew its session; a browser sends its cookie and no body.</summary>
public sealed record RefreshRequest
{
    /// <summary>From <c>set-auth-token</c> or the last renewal.</summary>
    public string? RefreshToken { get; init; }
}

internal static class RefreshEndpoints
{
    public static void MapRefresh(this IEndpointRouteBuilder api) =>
        api.MapPost("/refresh", RefreshAsync)
            .WithMetadata(new NeverRenews(), new NoFlood(), CookieCredential.Refresh)
            .WithSummary("A new access token, by cookie or by refresh token")
            .Refuses(AuthErrors.Unauthorized);

    /// <summary>What the session goes on with.</summary>
    /// <param name="Token">An access token.</param>
    /// <param name="RefreshToken">Only for a caller that sent one: a cookie's is never in a body.</param>
    internal sealed record Refreshed(
        string Token,
        DateTimeOffset ExpiresAt,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefreshToken,
        DateTimeOffset RefreshTokenExpiresAt);

    private static async Task<Results<Ok<Refreshed>, AuthError>> RefreshAsync(
        JsonBody<RefreshRequest> body,
        SessionRenewal renewal,
        AuthCookies cookies,
        TokenIssuer tokens,
        HttpContext context,
        CancellationToken ct)
    {
        var hasHeader = context.Request.Headers.Authorization.Count > 0;
        var sent = body.Value.RefreshToken ?? (hasHeader ? BearerToken.Of(context.Request) : null);
        var cookie = sent is null && !hasHeader ? cookies.Refresh(context.Request) : null;

        if ((sent ?? cookie) is not { } token
            || await renewal.RenewAsync(token, Client.Of(context), patience: null, ct) is not { } issued)
        {
            if (cookie is not null && await renewal.ReadAsync(cookie) is not null)
                cookies.Clear(context.Response); // the session has ended
            context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            return AuthErrors.Unauthorized;
        }

        if (cookie is not null)
            cookies.Set(context.Response, issued);
        var access = cookie is null ? issued.Access : tokens.Access(issued.Person, issued.Session);
        var refresh = cookie is null ? issued.Refresh.Value : null;
        return TypedResults.Ok(new Refreshed(access.Value, access.ExpiresAt, refresh, issued.Refresh.ExpiresAt));
    }
}
