using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.EmailChange;

internal static class EmailChangeEndpoints
{
    public static void MapEmailChange(this IEndpointRouteBuilder api) =>
        api.MapPost("/change-email", AskAsync).RequireFreshSignIn()
            .WithSummary("Ask for another address; a link mailed there confirms it")
            .Refuses(AuthErrors.InvalidCallbackUrl, AuthErrors.EmailIsSame, AuthErrors.EmailChangedRecently);

    private static async Task<Results<Ok<Done>, AuthError>> AskAsync(
        JsonBody<ChangeEmailRequest> body,
        CurrentUser caller,
        EmailChangeRequests requests,
        IOptions<PortalOptions> portal,
        HttpContext context,
        CancellationToken ct)
    {
        var callback = body.Value.CallbackUrl;
        if (callback is not null && ReturnUrl.Safe(callback, portal.Value) is null)
            return AuthErrors.InvalidCallbackUrl;

        var result = await requests.AskAsync(caller, body.Value.NewEmail, callback, Client.Of(context), ct);
        return result.Succeeded ? Done.Ok : result.Error;
    }
}
