using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Passwords;
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
    [Display(Name = "Password", Description = "At least 8 characters. A few words in a row do well.")]
    [DataType(DataType.Password)]
    public string Password { get; init; } = "";

    /// <summary>A picture's address; https only.</summary>
    [PictureUrl]
    public string? Image { get; init; }

    /// <summary>Whether the session outlives the browser.</summary>
    public bool RememberMe { get; init; } = true;

    /// <summary>Where a page goes afterwards.</summary>
    [JsonPropertyName("callbackURL")]
    public string? CallbackUrl { get; init; }
}

/// <summary>The rules of opening an account, for the form and for programs.</summary>
internal sealed class SignUpService(
    Db db, UserStore users, PasswordChoice passwords, SessionIssuer sessions, AuditStore audit)
{
    public async Task<Result<IssuedSession>> SignUpAsync(SignUpRequest request, Client client, CancellationToken ct)
    {
        if (EmailAddress.TryParse(request.Email) is not { } email)
            return AuthErrors.InvalidEmail;

        var hash = await passwords.HashAsync(request.Password, email.Typed, request.Name, client.Address, ct);
        if (!hash.Succeeded)
            return hash.Error;

        User? user = null;
        await db.InTransactionAsync(
            async () =>
            {
                user = await users.AddAsync(email, request.Name.Trim(), request.Image, hash.Value, ct);
                var type = user is null ? AuditTypes.SignUpRefused : AuditTypes.SignUp;
                await audit.RecordAsync(new AuditEvent(type, user?.Id, null, client), ct);
            },
            ct);
        return user is null
            ? AuthErrors.UserAlreadyExists
            : await sessions.StartAsync(user, "pwd", request.RememberMe, client, ct);
    }
}
