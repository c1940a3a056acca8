using System.Text.Json.Nodes;
using AuthPortal.Audit;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.AspNetCore.Identity;

namespace AuthPortal.Passkeys;

/// <summary>
/// The ceremony by which a passkey proves who somebody is (WebAuthn level 3 §7.2). What follows from it is for others
/// to decide.
/// </summary>
internal sealed class PasskeyAssertion(
    IPasskeyHandler<User> handler, PasskeyChallenges challenges, PasskeyStore passkeys, AuditStore audit)
{
    /// <param name="person">Whose passkeys alone will do; null for anybody's.</param>
    /// <returns>What <c>navigator.credentials.get</c> is called with, as JSON.</returns>
    public async Task<JsonObject> OptionsAsync(User? person, HttpContext context)
    {
        var made = await handler.MakeRequestOptionsAsync(person, context);
        challenges.Set(context.Response, TokenKind.PasskeyAssertion, made.AssertionState!);
        return JsonNode.Parse(made.RequestOptionsJson)!.AsObject();
    }

    /// <param name="response">The browser's <c>AuthenticationResponseJSON</c>.</param>
    /// <returns>Whom it proves; whether they may come in is not asked here.</returns>
    public async Task<Result<User>> VerifyAsync(JsonObject response, HttpContext context, CancellationToken ct)
    {
        if (await challenges.TakeAsync(context, TokenKind.PasskeyAssertion) is not { } challenge)
            return PasskeyErrors.ChallengeNotFound;

        var done = await handler.PerformAssertionAsync(new PasskeyAssertionContext
        {
            HttpContext = context,
            CredentialJson = PasskeyJson.Complete(response),
            AssertionState = challenge.State,
        });
        var client = Client.Of(context);
        if (!done.Succeeded)
        {
            done.Failure.RethrowOutage();
            return await RefuseAsync(response, done.Failure, client, ct);
        }

        var (user, passkey) = (done.User, done.Passkey);
        var use = new PasskeyUse(user.Id, passkey.CredentialId, passkey.SignCount, passkey.IsBackedUp, challenge.At);
        return await passkeys.UseAsync(use, ct) ? user : await RefuseSpentAsync(use, client, ct);
    }

    private async Task<AuthError> RefuseAsync(
        JsonObject response, PasskeyException failure, Client client, CancellationToken ct)
    {
        var owner = PasskeyJson.CredentialIdOf(response) is { } id ? await passkeys.FindOwnerAsync(id, ct) : null;
        await audit.RecordAsync(
            new AuditEvent(
                AuditTypes.SignInFailed,
                owner,
                null,
                client,
                ("method", "passkey"),
                ("reason", owner is null ? "unknown" : PasskeyRefusal.ReasonOf(failure))),
            ct);
        return owner is null ? PasskeyErrors.Unknown : PasskeyErrors.AuthenticationFailed;
    }

    /// <summary>The signature was good: a replay, or two authenticators with the same key.</summary>
    private async Task<AuthError> RefuseSpentAsync(PasskeyUse use, Client client, CancellationToken ct)
    {
        if (await passkeys.FindAsync(use.UserId, use.CredentialId, ct) is not { } passkey)
            return PasskeyErrors.Unknown;

        var refused = new AuditEvent(
            AuditTypes.PasskeyRefused,
            use.UserId,
            null,
            client,
            ("passkey", $"{passkey.Id}"),
            ("reason", use.ChallengedAt <= passkey.LastChallengeAt ? "replayed" : "sign-count"),
            ("count", $"{use.SignCount}"),
            ("known", $"{passkey.SignCount}"));
        await audit.RecordAsync(refused, ct);
        return PasskeyErrors.AuthenticationFailed;
    }
}
