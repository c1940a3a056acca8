using System.Text.Json.Serialization;
using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.Data;

/// <summary>What a program sends to delete the account: a proof, or neither to have a link mailed.</summary>
public sealed record DeleteUserRequest
{
    /// <summary>The caller's own.</summary>
    public string? Password { get; init; }

    /// <summary>From the mailed link.</summary>
    public string? Token { get; init; }

    /// <summary>Where the page behind the mailed link goes on to.</summary>
    [JsonPropertyName("callbackURL")]
    public string? CallbackUrl { get; init; }
}

internal static class DeletionEndpoints
{
    private static readonly AuthError NoSuchToken =
        AuthErrors.InvalidToken with { Status = StatusCodes.Status404NotFound };

    public static void MapDeletion(this IEndpointRouteBuilder api)
    {
        api.MapPost("/delete-user", DeleteAsync).RequireAuthorization()
            .WithSummary("Delete the account: by password, by a mailed token, or by asking for that mail")
            .Refuses(
                [AuthErrors.InvalidCallbackUrl, NoSuchToken, AuthErrors.AccountTakenBack, .. CommonRefusals.Proof]);
        api.MapGet("/delete-user/callback", GoOnAsync).WithMetadata(new ReachedByMail())
            .WithSummary("On to the page that deletes the account")
            .Redirects().Refuses(AuthErrors.FailedToGetUserInfo, NoSuchToken);
    }

    private static async Task<Results<Ok<Deletion>, AuthError>> DeleteAsync(
        JsonBody<DeleteUserRequest> body,
        CurrentUser caller,
        DeletionService deletion,
        DeletionRequests requests,
        IOptions<PortalOptions> portal,
        AuthCookies cookies,
        HttpContext context,
        CancellationToken ct)
    {
        var (password, token, callback) = (body.Value.Password, body.Value.Token, body.Value.CallbackUrl);
        if (callback is not null && ReturnUrl.Safe(callback, portal.Value) is null)
            return AuthErrors.InvalidCallbackUrl;
        if (password is null && token is null)
        {
            return await requests.AskAsync(caller, callback, Client.Of(context), ct) is { } refusal
                ? refusal
                : TypedResults.Ok(new Deletion(true, "Verification email sent", null));
        }

        var result = password is not null
            ? await deletion.DeleteAsync(caller, password, Client.Of(context), ct)
            : (await requests.FindAsync(token, ct))?.Id == caller.Id
                && await requests.CarryOutAsync(token, Client.Of(context), ct) is { } user ? user : NoSuchToken;
        if (!result.Succeeded)
            return result.Error;

        cookies.Clear(context.Response);
        return TypedResults.Ok(result.Value.EraseAt is { } eraseAt
            ? new Deletion(true, "User will be deleted", eraseAt)
            : new Deletion(true, "User deleted", null));
    }

    /// <summary>How far it has come.</summary>
    /// <param name="EraseAt">When the account is erased, where that is not at once.</param>
    internal sealed record Deletion(
        bool Success,
        string Message,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? EraseAt);

    /// <summary>Opening it spends nothing, so that a mail scanner may.</summary>
    private static async Task<IResult> GoOnAsync(
        string? token,
        [Microsoft.AspNetCore.Mvc.FromQuery(Name = "callbackURL")] string? callbackUrl,
        CurrentUser? caller,
        DeletionRequests requests,
        OneTimeLinks links,
        CancellationToken ct)
    {
        if (caller is null)
            return AuthErrors.FailedToGetUserInfo;
        if ((await requests.FindAsync(token, ct))?.Id != caller.Id)
            return NoSuchToken;
        return TypedResults.Redirect(links.AddressOf("/delete-account", token!, callbackUrl));
    }
}
