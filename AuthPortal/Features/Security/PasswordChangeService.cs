using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AuthPortal.Audit;
using AuthPortal.Mail;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features.Security;

/// <summary>What a person or a program sends to change the password.</summary>
public sealed record ChangePasswordRequest
{
    /// <summary>The one that is to go.</summary>
    [JsonRequired, Required(AllowEmptyStrings = true, ErrorMessage = "Enter your current password.")]
    [Display(Name = "Current password"), DataType(DataType.Password)]
    public string CurrentPassword { get; init; } = "";

    /// <summary>8 to 128 code points (NIST SP 800-63B-4 §3.1.1.2).</summary>
    [JsonRequired, Required(AllowEmptyStrings = true, ErrorMessage = "Choose a new password.")]
    [Display(Name = "New password"), DataType(DataType.Password)]
    public string NewPassword { get; init; } = "";

    /// <summary>Whether every other device is signed out.</summary>
    public bool RevokeOtherSessions { get; init; }
}

/// <summary>The rules of changing a password, for the form and for programs.</summary>
internal sealed class PasswordChangeService(
    FreshProof proof, ChosenPasswords passwords, OwnUserStore users, VersionRaise raise, SecurityNotices notices)
{
    private static readonly Letter PasswordChanged = new(
        "Your password was changed",
        ["The password of your account has just been changed."],
        Closing: [SecurityNotices.IfNotYou]);

    /// <returns>The person as they are afterwards; under a raised version where the other devices were to go.</returns>
    public async Task<Result<User>> ChangeAsync(
        CurrentUser caller, ChangePasswordRequest request, Client client, CancellationToken ct)
    {
        var proved = await proof.CheckAsync(caller, request.CurrentPassword, client, ct);
        if (!proved.Succeeded)
            return proved.Error;

        var user = proved.Value;
        if (user.PasswordHash is null)
            return AuthErrors.CredentialAccountNotFound;
        var hash = await passwords.HashAsync(request.NewPassword, (user.Id, user.Email, user.Name), client, ct);
        if (!hash.Succeeded)
            return hash.Error with { Field = hash.Error.Field is null ? null : nameof(request.NewPassword) };

        var changed = await raise.RunAsync(
            user.SessionVersion,
            async () =>
            {
                var after = await users.ChangePasswordAsync(user, hash.Value, request.RevokeOtherSessions, ct);
                if (after is not null)
                    await notices.TellAsync(Happened(caller, after, client), after, PasswordChanged, ct);
                return after;
            },
            ct);
        return changed is null ? AuthErrors.Unauthorized : changed;
    }

    /// <summary>With the version that this device goes on under, for the list of devices.</summary>
    private static AuditEvent Happened(CurrentUser caller, User after, Client client) => new(
        AuditTypes.PasswordChanged, caller.Id, caller.Session.Id, client, ("version", $"{after.SessionVersion}"));
}
