using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features.SignUp;

/// <summary>What a person or a program sends to sign up.</summary>
public sealed record SignUpRequest
{
    /// <summary>At most 100 UTF-16 units; programs may leave it empty.</summary>
    [JsonRequired, Required(AllowEmptyStrings = true, ErrorMessage = "Enter your name.")]
    [StringLength(ProfileLimits.Name, ErrorMessage = "Enter a name of at most 100 characters."), PlainText]
    [Display(Name = "Name")]
    public string Name { get; init; } = "";

    /// <summary>One mailbox, at most 254 characters.</summary>
    [JsonRequired, Required(ErrorMessage = "Enter your email address."), EmailAddressText]
    [Display(Name = "Email")]
    public string Email { get; init; } = "";

    /// <summary>8 to 128 code points (NIST SP 800-63B-4 §3.1.1.2).</summary>
    [JsonRequired, Required(ErrorMessage = "Choose a password.")]
    [Display(Name = "Password"), DataType(DataType.Password)]
    public string Password { get; init; } = "";

    /// <summary>A picture's address; https only.</summary>
    [PictureUrl]
    public string? Image { get; init; }

    /// <summary>Whether the session outlives the browser; true where it is not sent.</summary>
    public bool RememberMe { get; init; } = true;

    /// <summary>Where a page goes afterwards.</summary>
    [JsonPropertyName("callbackURL")]
    public string? CallbackUrl { get; init; }
}

/// <param name="Admission">Null where the address must be confirmed first.</param>
internal sealed record SignedUp(UserProfile User, Admission? Admission);

/// <summary>The rules of opening an account, for the form and for programs.</summary>
internal sealed class SignUpService(
    RequestLimits limits,
    ChosenPasswords passwords,
    NewAccounts accounts,
    SessionIssuer sessions,
    TimeProvider clock)
{
    public async Task<Result<SignedUp>> SignUpAsync(SignUpRequest request, Client client, CancellationToken ct)
    {
        if (EmailAddress.TryParse(request.Email) is not { } email)
            return AuthErrors.InvalidEmail;
        if (await limits.SignUpAsync(client, ct) is { } refusal)
            return refusal;

        var hash = await passwords.HashAsync(request.Password, (null, email.Typed, request.Name), client, ct);
        if (!hash.Succeeded)
            return hash.Error;

        var person = User.New(email, request.Name.Trim(), request.Image, hash.Value, clock.GetUtcNow());
        var account = new NewAccount(person, null, request.CallbackUrl);
        return await OpenAsync(account, Proofs.Password, request.RememberMe, client, ct);
    }

    /// <param name="proved">What was shown by making the account.</param>
    public async Task<Result<SignedUp>> OpenAsync(
        NewAccount account, Proofs proved, bool remember, Client client, CancellationToken ct)
    {
        var person = account.Person;
        var refusal = await accounts.OpenAsync(account, client, ct);

        // A taken address gets the answer of a free one, with somebody made up; its owner is told by mail.
        if (accounts.MustVerify && (refusal is null || refusal == AuthErrors.UserAlreadyExists))
            return new SignedUp(person.Profile, null);
        if (refusal is not null)
            return refusal;

        var admission = await sessions.StartAsync(new SignInAttempt(person, proved, remember, client), ct);
        return admission.Succeeded ? new SignedUp(person.Profile, admission.Value) : admission.Error;
    }
}
