using System.Buffers.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AuthPortal.Passkeys;
using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.Security;

/// <summary>Better Auth's passkey plugin, as far as it is about one's own passkeys.</summary>
internal static class PasskeyEndpoints
{
    private static readonly AuthError TooMany = PasskeyErrors.TooMany(PasskeyStore.Most);

    private static readonly AuthError BadAttachment = AuthErrors.Validation([
        "[query.authenticatorAttachment] Invalid option: expected one of \"platform\"|\"cross-platform\""]);

    public static void MapPasskeys(this IEndpointRouteBuilder api)
    {
        var passkeys = api.MapGroup("/passkey").RequireAuthorization().WhereThereArePasskeys();
        passkeys.MapGet("/generate-register-options", BeginAsync).WithMetadata(new AsksDatabase()).RequireFreshSignIn()
            .WithSummary("What to make a passkey with").Refuses(BadAttachment, TooMany);
        passkeys.MapPost("/verify-registration", AddAsync).WithSummary("Add the passkey that was made")
            .Refuses(
                PasskeyErrors.ChallengeNotFound,
                PasskeyErrors.FailedToVerifyRegistration,
                PasskeyErrors.OfAnother,
                AuthErrors.AccountTakenBack,
                TooMany);
        passkeys.MapGet("/list-user-passkeys", ListAsync)
            .WithMetadata(new AsksDatabase()).WithSummary("The caller's passkeys");
        passkeys.MapPost("/update-passkey", RenameAsync).WithSummary("Name one of them")
            .Refuses(PasskeyErrors.NotFound, AuthErrors.AccountTakenBack);
        passkeys.MapPost("/delete-passkey", RemoveAsync).RequireFreshSignIn().WithMetadata(new ThrowsOut())
            .WithSummary("Remove one of them")
            .Refuses(PasskeyErrors.NotFound, PasskeyErrors.LastWayToSignIn, AuthErrors.AccountTakenBack);
    }

    /// <summary>Where password managers look (W3C, A Well-Known URL for Relying Party Passkey Endpoints).</summary>
    public static void MapPasskeyPages(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/.well-known/passkey-endpoints", Pages)
            .AllowAnonymous().WhereThereArePasskeys().WithSummary("Where passkeys are added and managed");

    /// <summary>Better Auth's <c>Passkey</c>.</summary>
    /// <param name="PublicKey">A COSE_Key in base64.</param>
    /// <param name="Transports">Separated by commas.</param>
    internal sealed record PasskeyView(
        Guid Id,
        string? Name,
        Guid UserId,
        [property: JsonPropertyName("credentialID")] string CredentialId,
        string PublicKey,
        long Counter,
        string DeviceType,
        bool BackedUp,
        string Transports,
        DateTimeOffset CreatedAt,
        Guid Aaguid)
    {
        public static PasskeyView Of(Passkey passkey) => new(
            passkey.Id,
            passkey.Name,
            passkey.UserId,
            Base64Url.EncodeToString(passkey.CredentialId),
            Convert.ToBase64String(passkey.PublicKey),
            passkey.SignCount,
            passkey.BackupEligible ? "multiDevice" : "singleDevice",
            passkey.BackedUp,
            string.Join(',', passkey.Transports),
            passkey.CreatedAt,
            passkey.Aaguid);
    }

    internal sealed record PasskeyPages(string Enroll, string Manage);

    internal sealed record RenamedPasskey(PasskeyView Passkey);

    private static Ok<PasskeyPages> Pages(IOptions<PortalOptions> portal)
    {
        var page = $"{portal.Value.PublicUrl}/account/security";
        return TypedResults.Ok(new PasskeyPages(page, page));
    }

    private static async Task<Results<Ok<JsonObject>, AuthError>> BeginAsync(
        string? authenticatorAttachment,
        CurrentUser caller,
        PasskeyService passkeys,
        HttpContext context,
        CancellationToken ct)
    {
        if (authenticatorAttachment is not (null or "platform" or "cross-platform"))
            return BadAttachment;

        var options = await passkeys.BeginAsync(caller, authenticatorAttachment, context, ct);
        return options.Succeeded ? TypedResults.Ok(options.Value) : options.Error;
    }

    private static async Task<Results<Ok<PasskeyView>, AuthError>> AddAsync(
        JsonBody<VerifyRegistrationRequest> body,
        CurrentUser caller,
        PasskeyService passkeys,
        HttpContext context,
        CancellationToken ct)
    {
        var name = body.Value.Name?.Trim() is { Length: > 0 } given ? given : null;
        var added = await passkeys.AddAsync(caller, body.Value.Response, name, context, ct);
        return added.Succeeded ? TypedResults.Ok(PasskeyView.Of(added.Value)) : added.Error;
    }

    private static async Task<Ok<PasskeyView[]>> ListAsync(
        CurrentUser caller, PasskeyStore passkeys, CancellationToken ct) =>
        TypedResults.Ok((await passkeys.ListAsync(caller.Id, ct)).Select(PasskeyView.Of).ToArray());

    private static async Task<Results<Ok<RenamedPasskey>, AuthError>> RenameAsync(
        JsonBody<UpdatePasskeyRequest> body,
        CurrentUser caller,
        PasskeyService passkeys,
        HttpContext context,
        CancellationToken ct)
    {
        if (!Guid.TryParse(body.Value.Id, out var id))
            return PasskeyErrors.NotFound;
        var renamed = await passkeys.RenameAsync(caller, id, body.Value.Name.Trim(), Client.Of(context), ct);
        return renamed.Succeeded
            ? TypedResults.Ok(new RenamedPasskey(PasskeyView.Of(renamed.Value)))
            : renamed.Error;
    }

    private static async Task<Results<Ok<Done>, AuthError>> RemoveAsync(
        JsonBody<DeletePasskeyRequest> body,
        CurrentUser caller,
        PasskeyService passkeys,
        HttpContext context,
        CancellationToken ct)
    {
        if (!Guid.TryParse(body.Value.Id, out var id))
            return PasskeyErrors.NotFound;
        var removed = await passkeys.RemoveAsync(caller, id, Client.Of(context), ct);
        return removed.Succeeded ? Done.Ok : removed.Error;
    }
}
