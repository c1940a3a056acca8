using System.Text.Json.Nodes;
using AuthPortal.Passkeys;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features.SignUp;

/// <summary>
/// Opening an account with a passkey and no password. All other rules are those of <see cref="SignUpService"/>.
/// </summary>
internal sealed class PasskeySignUp(
    PasskeyRegistration registration,
    RelyingParty party,
    RequestLimits limits,
    SignUpService signUp,
    TimeProvider clock)
{
    /// <summary>Whether the address is taken is not asked here.</summary>
    /// <returns>What <c>navigator.credentials.create</c> is called with, as JSON.</returns>
    public async Task<Result<JsonObject>> BeginAsync(SignUpRequest request, HttpContext context, CancellationToken ct)
    {
        if (party.Id is null)
            return PasskeyErrors.NotAvailable;
        if (EmailAddress.TryParse(request.Email) is not { } email)
            return AuthErrors.InvalidEmail;
        return await registration.SignUpOptionsAsync(Person(request, email).Profile, context);
    }

    /// <param name="attestation">What the browser made of the options, for the same address.</param>
    public async Task<Result<SignedUp>> SignUpAsync(
        SignUpRequest request, string? attestation, HttpContext context, CancellationToken ct)
    {
        var client = Client.Of(context);
        if (EmailAddress.TryParse(request.Email) is not { } email)
            return AuthErrors.InvalidEmail;
        var refusal = await limits.PasskeyAnswerAsync(client, ct) ?? await limits.SignUpAsync(client, ct);
        if (refusal is not null)
            return refusal;
        if (PasskeyJson.Parse(attestation) is not { } response)
            return PasskeyErrors.FailedToVerifyRegistration;

        var made = await registration.VerifySignUpAsync(email.Canonical, response, context);
        if (!made.Succeeded)
            return made.Error;
        limits.GiveBackPasskeyAnswer(client);
        var person = Person(request, email) with { Id = made.Value.UserId };
        var account = new NewAccount(person, made.Value, request.CallbackUrl);
        return await signUp.OpenAsync(account, Proofs.Passkey, request.RememberMe, client, ct);
    }

    private User Person(SignUpRequest request, EmailAddress email) =>
        User.New(email, request.Name.Trim(), image: null, passwordHash: null, clock.GetUtcNow());
}
