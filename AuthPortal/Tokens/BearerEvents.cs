using AuthPortal.Database;
using AuthPortal.Web;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthPortal.Tokens;

/// <summary>
/// Where the one JwtBearer scheme finds its token: the header if there is one, else the cookie. A header that is
/// present and bad is refused; it never falls back to the cookie's person.
/// </summary>
internal sealed class BearerEvents(
    AuthCookies cookies,
    VerifiedTokens verified,
    RevocationSet revoked,
    RevocationWatch watch,
    TimeProvider clock) : JwtBearerEvents
{
    // With a good token in hand a slow database is not worth waiting for.
    private static readonly TimeSpan PatienceWithGoodToken = TimeSpan.FromSeconds(1);

    public override Task MessageReceived(MessageReceivedContext context) =>
        context.Request.Headers.Authorization.Count > 0 ? ReadHeaderAsync(context) : ReadCookiesAsync(context);

    public override async Task TokenValidated(TokenValidatedContext context)
    {
        await watch.UseAsync(context.HttpContext.RequestAborted);
        var session = CurrentUser.Of(context.Principal!).Session;
        if (!revoked.Holds(session.Id, session.UserId, session.Version))
            return;

        context.Fail("The session has ended.");
        if (context.Request.Headers.Authorization.Count == 0 && Renews(context.HttpContext))
            cookies.Clear(context.Response);
    }

    public override Task Challenge(JwtBearerChallengeContext context)
    {
        context.HandleResponse();
        var request = context.Request;
        var isPage = !request.Path.StartsWithSegments("/api") && request.Headers.Authorization.Count == 0;
        if (isPage)
        {
            // Back to the page itself: what was posted to it is gone, and a handler's address is no page.
            var query = HttpMethods.IsGet(request.Method) ? request.QueryString : QueryString.Empty;
            var back = Uri.EscapeDataString($"{request.Path}{query}");
            context.Response.Redirect($"/sign-in?returnUrl={back}");
            return Task.CompletedTask;
        }

        // RFC 6750 §3.1: that a token was bad, and not a word on why.
        context.Response.Headers.WWWAuthenticate =
            context.AuthenticateFailure is null ? "Bearer" : "Bearer error=\"invalid_token\"";
        return AuthErrors.Unauthorized.ExecuteAsync(context.HttpContext);
    }

    private static async Task ReadHeaderAsync(MessageReceivedContext context)
    {
        var token = BearerToken.Of(context.Request);
        if (token is null)
            context.Fail("The Authorization header holds no bearer token.");
        else if (IsRefreshToken(token) && Has<TakesRefreshToken>(context.HttpContext))
            await UseRefreshTokenAsync(context, token);
        else
            context.Token = token;
    }

    private static async Task UseRefreshTokenAsync(MessageReceivedContext context, string token)
    {
        var ct = context.HttpContext.RequestAborted;
        var renewal = Renewal(context.HttpContext);
        if (await renewal.RenewAsync(token, Client.Of(context.HttpContext), patience: null, ct) is { } issued)
            context.Token = issued.Access.Value;
        else
            context.Fail("The refresh token does not count.");
    }

    private async Task ReadCookiesAsync(MessageReceivedContext context)
    {
        var access = cookies.Access(context.Request);
        context.Token = access;

        var age = AgeOf(access);
        if (age == Age.Young || !Renews(context.HttpContext))
            return;
        if (cookies.Refresh(context.Request) is not { Length: > 0 } refresh)
            return;

        try
        {
            var patience = age == Age.Ageing ? PatienceWithGoodToken : (TimeSpan?)null;
            var client = Client.Of(context.HttpContext);
            var renewal = Renewal(context.HttpContext);
            var issued = await renewal.RenewAsync(refresh, client, patience, context.HttpContext.RequestAborted);
            if (issued is not null)
            {
                cookies.Set(context.Response, issued);
                context.Token = issued.Access.Value;
            }
            else if (await renewal.ReadAsync(refresh) is not null)
            {
                // The session has ended. (Were the token merely unreadable, say by a clock astray, it would be kept.)
                cookies.Clear(context.Response);
                context.Fail("The session has ended.");
            }
        }
        catch (DatabaseUnavailableException) when (age == Age.Ageing)
        {
            // The token in hand is still good: the next request tries again.
        }
    }

    private static bool IsRefreshToken(string token) => Peek(token)?.Typ == TokenKind.Refresh.Type;

    private enum Age { Young, Ageing, Over }

    /// <summary>
    /// Read before it is verified: the worst a forged answer does is a renewal that the database decides.
    /// </summary>
    private Age AgeOf(string? token)
    {
        if (string.IsNullOrEmpty(token) || (verified.Find(token) ?? Peek(token)) is not { } read)
            return Age.Over;

        var now = clock.GetUtcNow().UtcDateTime;
        var twoThirds = read.IssuedAt + ((read.ValidTo - read.IssuedAt) * 2 / 3);
        return now >= read.ValidTo ? Age.Over : now >= twoThirds ? Age.Ageing : Age.Young;
    }

    private static JsonWebToken? Peek(string? token)
    {
        try
        {
            return StrictTokenHandler.IsCanonical(token) ? new JsonWebToken(token) : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Made for the few requests that renew: it stands on all that asks the database.</summary>
    private static SessionRenewal Renewal(HttpContext context) =>
        context.RequestServices.GetRequiredService<SessionRenewal>();

    private static bool Renews(HttpContext context) => Has<RenewsSession>(context) && !Has<NeverRenews>(context);

    private static bool Has<TMarker>(HttpContext context)
        where TMarker : class => context.GetEndpoint()?.Metadata.GetMetadata<TMarker>() is not null;
}
