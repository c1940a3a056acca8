using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthPortal.Features.Devices;

/// <summary>What a program sends to end one session.</summary>
public sealed record RevokeSessionRequest
{
    /// <summary>The handle that list-sessions names it by.</summary>
    [JsonRequired, Required(AllowEmptyStrings = true)]
    public string Token { get; init; } = "";
}

internal static class DeviceEndpoints
{
    public static void MapDevices(this IEndpointRouteBuilder api)
    {
        api.MapGet("/list-sessions", ListAsync).RequireAuthorization()
            .WithMetadata(new AsksDatabase()).WithSummary("Where the caller is signed in");
        api.MapPost("/revoke-session", EndAsync).RequireAuthorization().WithMetadata(new ThrowsOut())
            .WithSummary("End one session of the caller's")
            .Refuses(AuthErrors.AccountTakenBack);
        api.MapPost("/revoke-other-sessions", EndOthersAsync).RequireAuthorization().WithMetadata(new ThrowsOut())
            .WithSummary("Sign out on every other device").Refuses(AuthErrors.AccountTakenBack)
            .Sends(AnswerHeader.AccessToken, AnswerHeader.RefreshToken);
        api.MapPost("/update-session", (JsonBody<EmptyBody> body) => AuthErrors.NoFieldsToUpdate)
            .RequireAuthorization().WithSummary("A session holds nothing that could be changed")
            .Refuses(AuthErrors.NoFieldsToUpdate);
    }

    private static async Task<Ok<SessionView[]>> ListAsync(
        CurrentUser caller, DeviceService devices, HttpContext context, CancellationToken ct)
    {
        var list = await devices.ListAsync(caller, Client.Of(context), ct);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(list.Select(d => new SessionView(
            d.Sid, d.Sid, caller.Id, d.EndsAt, d.SignedInAt, d.LastSeenAt, d.Ip, d.UserAgent)).ToArray());
    }

    /// <summary>A foreign handle and one that never was are answered alike, and nothing happens.</summary>
    private static async Task<Results<Ok<Done>, AuthError>> EndAsync(
        JsonBody<RevokeSessionRequest> body,
        CurrentUser caller,
        DeviceService devices,
        AuthCookies cookies,
        HttpContext context,
        CancellationToken ct)
    {
        if (Guid.TryParse(body.Value.Token, out var sid))
        {
            if (await devices.EndAsync(caller, sid, Client.Of(context), ct) is { } refusal)
                return refusal;
            if (sid == caller.Session.Id)
                cookies.Clear(context.Response);
        }

        return Done.Ok;
    }

    private static async Task<Results<Ok<Done>, AuthError>> EndOthersAsync(
        JsonBody<EmptyBody> body,
        CurrentUser caller,
        SessionEnder ender,
        SessionWriter writer,
        HttpContext context,
        CancellationToken ct)
    {
        var done = await ender.EndOthersAsync(caller.Session, Client.Of(context), ct);
        if (!done.Succeeded)
            return done.Error;
        context.Response.Headers["set-auth-jwt"] = await writer.GoOnAloneAsync(context, caller, done.Value);
        return Done.Ok;
    }
}
