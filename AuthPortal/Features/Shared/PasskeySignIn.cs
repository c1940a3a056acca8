using System.Text.Json.Nodes;
using AuthPortal.Passkeys;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features;

/// <summary>
/// Who has a passkey needs nothing else. Who is signed in already proves themselves anew, and their session goes on.
/// </summary>
internal sealed class PasskeySignIn(
    PasskeyAssertion assertion,
    RequestLimits limits,
    SessionIssuer sessions,
    SessionWriter writer,
    SessionMeter meter)
{
    /// <param name="response">The browser's <c>AuthenticationResponseJSON</c>.</param>
    /// <param name="remember">Whether a new session outlives the browser.</param>
    public async Task<Result<Admission>> SignInAsync(
        JsonObject response, bool remember, HttpContext context, CancellationToken ct)
    {
        var proved = await ProveAsync(response, context, ct);
        if (!proved.Succeeded)
            return proved.Error;

        var caller = CurrentUser.TryOf(context.User);
        if (caller is not null && caller.Id != proved.Value.Id)
            return PasskeyErrors.AuthenticationFailed;
        var held = caller is null ? null : await writer.HeldInCookieAsync(context.Request, caller);
        var attempt = new SignInAttempt(
            proved.Value, Proofs.Passkey, held?.Persistent ?? remember, Client.Of(context))
        { Renewed = held };
        return await sessions.StartAsync(attempt, ct);
    }

    /// <param name="assertion">The same as a form's field.</param>
    public async Task<Result<Admission>> SignInAsync(
        string? assertion, bool remember, HttpContext context, CancellationToken ct) =>
        PasskeyJson.Parse(assertion) is { } response
            ? await SignInAsync(response, remember, context, ct)
            : PasskeyErrors.AuthenticationFailed;

    /// <summary>The second step of a sign-in: only a passkey of whoever began it will do.</summary>
    /// <param name="person">Who began it.</param>
    /// <returns>The same person, as they are now.</returns>
    public async Task<Result<User>> ProveAsync(
        User person, string? assertion, HttpContext context, CancellationToken ct)
    {
        if (PasskeyJson.Parse(assertion) is not { } response)
            return PasskeyErrors.AuthenticationFailed;
        var proved = await ProveAsync(response, context, ct);
        return proved.Succeeded && proved.Value.Id != person.Id ? PasskeyErrors.AuthenticationFailed : proved;
    }

    private async Task<Result<User>> ProveAsync(JsonObject response, HttpContext context, CancellationToken ct)
    {
        var proved = await limits.PasskeyAnswerAsync(Client.Of(context), ct) is { } refusal
            ? refusal
            : await assertion.VerifyAsync(response, context, ct);
        if (proved.Succeeded)
            limits.GiveBackPasskeyAnswer(Client.Of(context));

        // Who is signed in proves a session that they have.
        if (!proved.Succeeded && CurrentUser.TryOf(context.User) is null)
            meter.Refused(Proofs.Passkey, proved.Error);
        return proved;
    }
}
