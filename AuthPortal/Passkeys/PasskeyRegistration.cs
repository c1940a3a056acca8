using System.Formats.Cbor;
using System.Text.Json.Nodes;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using AuthPortal.Web.Brand;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthPortal.Passkeys;

/// <summary>The ceremony that makes a passkey for somebody (WebAuthn level 3 §7.1).</summary>
internal sealed class PasskeyRegistration(
    IPasskeyHandler<User> handler, PasskeyChallenges challenges, IOptions<BrandOptions> brand, TimeProvider clock)
{
    // WebAuthn level 3 §5.8.4. Others would be the browser's own text, and nobody could use them.
    private static readonly string[] KnownTransports = ["ble", "hybrid", "internal", "nfc", "smart-card", "usb"];

    /// <param name="attachment">
    /// Whether it shall be part of the device (<c>platform</c>) or not (<c>cross-platform</c>); null for either.
    /// </param>
    /// <returns>What <c>navigator.credentials.create</c> is called with, as JSON.</returns>
    public Task<JsonObject> OptionsAsync(CurrentUser caller, string? attachment, HttpContext context) =>
        BeginAsync(TokenKind.PasskeyRegistration, caller.Profile, caller.Session.Id, attachment, context);

    /// <summary>The same for somebody new, with the id that their account will have.</summary>
    public Task<JsonObject> SignUpOptionsAsync(UserProfile person, HttpContext context) =>
        BeginAsync(TokenKind.PasskeySignUp, person, session: null, attachment: null, context);

    /// <summary>Only the session that began it finishes it.</summary>
    /// <param name="response">The browser's <c>RegistrationResponseJSON</c>.</param>
    /// <returns>The passkey of this person, in no table yet.</returns>
    public Task<Result<Passkey>> VerifyAsync(CurrentUser caller, JsonObject response, HttpContext context) =>
        FinishAsync(
            TokenKind.PasskeyRegistration,
            caller.Session.Id,
            person => person.Id == caller.Id.ToString(),
            response,
            context);

    /// <param name="email">The canonical address that the options were made for.</param>
    /// <param name="response">The browser's <c>RegistrationResponseJSON</c>.</param>
    /// <returns>The passkey, of the id that the account is to have.</returns>
    public Task<Result<Passkey>> VerifySignUpAsync(string email, JsonObject response, HttpContext context) =>
        FinishAsync(TokenKind.PasskeySignUp, session: null, person => person.Name == email, response, context);

    private async Task<JsonObject> BeginAsync(
        TokenKind ceremony, UserProfile person, Guid? session, string? attachment, HttpContext context)
    {
        var entity = new PasskeyUserEntity
        {
            Id = person.Id.ToString(),
            Name = person.Email,
            DisplayName = person.DisplayName,
        };
        var made = await handler.MakeCreationOptionsAsync(entity, context);
        challenges.Set(context.Response, ceremony, made.AttestationState!, session);

        // The framework has no setting for either.
        var options = JsonNode.Parse(made.CreationOptionsJson)!.AsObject();
        options["rp"]!["name"] = brand.Value.Title;
        if (attachment is not null)
            options["authenticatorSelection"]!["authenticatorAttachment"] = attachment;
        return options;
    }

    private async Task<Result<Passkey>> FinishAsync(
        TokenKind ceremony,
        Guid? session,
        Func<PasskeyUserEntity, bool> isMeant,
        JsonObject response,
        HttpContext context)
    {
        if (await challenges.TakeAsync(context, ceremony) is not { } challenge)
            return PasskeyErrors.ChallengeNotFound;

        var done = await handler.PerformAttestationAsync(new PasskeyAttestationContext
        {
            HttpContext = context,
            CredentialJson = PasskeyJson.Complete(response),
            AttestationState = challenge.State,
        });
        if (!done.Succeeded)
        {
            done.Failure.RethrowOutage();
            return PasskeyErrors.FailedToVerifyRegistration;
        }

        var person = done.UserEntity;
        if (!isMeant(person))
            return PasskeyErrors.OfAnother;
        return challenge.Session == session?.ToString()
            ? New(Guid.Parse(person.Id), done.Passkey)
            : PasskeyErrors.ChallengeNotFound;
    }

    private Passkey New(Guid userId, UserPasskeyInfo made)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
        return new Passkey(
            Guid.CreateVersion7(now),
            userId,
            made.CredentialId,
            made.PublicKey,
            made.SignCount,
            [.. KnownTransports.Intersect(made.Transports ?? [])],
            made.IsBackupEligible,
            made.IsBackedUp,
            AaguidOf(made.AttestationObject),
            Name: null,
            CreatedAt: now,
            LastUsedAt: null,
            LastChallengeAt: null);
    }

    /// <summary>
    /// In the authenticator data, after the hash of the relying party's id (32), the flags (1) and the counter (4):
    /// WebAuthn level 3 §6.1. The framework has verified the whole and hands over all but this.
    /// </summary>
    private static Guid AaguidOf(byte[] attestationObject)
    {
        var reader = new CborReader(attestationObject);
        for (var left = reader.ReadStartMap(); left > 0; left--)
        {
            if (reader.ReadTextString() == "authData")
                return new Guid(reader.ReadByteString().AsSpan(37, 16), bigEndian: true);
            reader.SkipValue();
        }

        return Guid.Empty;
    }
}
