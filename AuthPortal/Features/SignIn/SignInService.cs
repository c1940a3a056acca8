using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AuthPortal.Audit;
using AuthPortal.Passwords;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features.SignIn;

/// <summary>What a person or a program sends to sign in.</summary>
public sealed record SignInRequest
{
    /// <summary>The account's address, in any spelling of it.</summary>
    [JsonRequired, Required(AllowEmptyStrings = true, ErrorMessage = "Enter your email address.")]
    [Display(Name = "Email")]
    public string Email { get; init; } = "";

    /// <summary>At most 4096 code points: it may have been chosen elsewhere.</summary>
    [JsonRequired, Required(AllowEmptyStrings = true, ErrorMessage = "Enter your password.")]
    [Display(Name = "Password"), DataType(DataType.Password)]
    public string Password { get; init; } = "";

    /// <summary>Whether the session outlives the browser; true where it is not sent.</summary>
    [Display(Name = "Keep me signed in")]
    public bool RememberMe { get; init; } = true;

    /// <summary>Where a page goes afterwards; programs are told it again.</summary>
    [JsonPropertyName("callbackURL")]
    public string? CallbackUrl { get; init; }
}

/// <summary>The rules of signing in with a password, for the form and for programs.</summary>
internal sealed class SignInService(
    UserStore users,
    KnownDevices devices,
    PasswordGuesses guesses,
    SessionIssuer sessions,
    SignUpMail mail,
    AuditStore audit,
    SessionMeter meter)
{
    public async Task<Result<Admission>> WithPasswordAsync(
        SignInRequest request, DeviceTokens device, Client client, CancellationToken ct)
    {
        if (EmailAddress.TryParse(request.Email) is not { } email)
            return AuthErrors.InvalidEmail;
        if (NormalizedPassword.ToProve(request.Password).Error == AuthErrors.PasswordTooLong)
            return AuthErrors.PasswordTooLong;

        var user = await users.FindByEmailAsync(email, ct);
        var own = await devices.FindAsync(device.Known, user);
        var verdict = await guesses.JudgeAsync(new PasswordGuess(email, user, request.Password, own), client, ct);
        if (!verdict.Succeeded)
            return meter.Refused(Proofs.Password, verdict.Error);

        // Judged is judged: what comes of it is on record, whether or not anybody still waits for the answer.
        ct = CancellationToken.None;
        if (user is null || verdict.Value == PasswordVerdict.Wrong)
        {
            await audit.RecordAsync(new AuditEvent(AuditTypes.SignInFailed, user?.Id, null, client), ct);
            return meter.Refused(Proofs.Password, AuthErrors.InvalidEmailOrPassword);
        }

        var attempt = new SignInAttempt(user, Proofs.Password, request.RememberMe, client) { Device = device };
        var admission = await sessions.StartAsync(attempt, ct);
        if (admission.Error == AuthErrors.EmailNotVerified)
            await mail.ResendAsync(user, email, request.CallbackUrl, client, ct);
        return admission;
    }
}
