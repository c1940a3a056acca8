using System.ComponentModel.DataAnnotations;
using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features.Account;

/// <summary>What people may change of themselves; a member that is not sent stays as it is.</summary>
public sealed record UpdateUserRequest
{
    /// <summary>At most 100 UTF-16 units.</summary>
    [StringLength(ProfileLimits.Name, ErrorMessage = "Enter a name of at most 100 characters."), PlainText]
    [Required(AllowEmptyStrings = true, ErrorMessage = "Enter your name."), Display(Name = "Name")]
    public string Name { get; init; } = "";

    /// <summary>A picture's https address; null removes it.</summary>
    [PictureUrl]
    [Display(Name = "Picture",
        Description = "Web address of a picture (https), optional. Services you sign in to may show it.")]
    public string? Image { get; init; }
}

internal sealed class AccountService(Db db, UserStore users, AuditStore audit)
{
    /// <param name="name">Null keeps it.</param>
    public async Task<Result<User>> UpdateAsync(
        CurrentUser caller, string? name, bool setImage, string? image, Client client, CancellationToken ct)
    {
        User? user = null;
        await db.InTransactionAsync(
            async () =>
            {
                user = await users.UpdateProfileAsync(
                    caller.Id, caller.Session.Version, name?.Trim(), setImage, image, ct);
                if (user is null)
                    return;
                await audit.RecordAsync(
                    new AuditEvent(AuditTypes.ProfileChanged, caller.Id, caller.Session.Id, client), ct);
            },
            ct);
        return user is null ? AuthErrors.Unauthorized : user;
    }
}
