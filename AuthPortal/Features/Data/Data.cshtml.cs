using System.ComponentModel.DataAnnotations;
using System.Text;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.Data;

/// <summary>The form that deletes an account.</summary>
public sealed record DeletionForm
{
    /// <summary>Typed, so that nobody does it by a slip.</summary>
    [Required(ErrorMessage = "Type your email address."), Display(Name = "Type your email address")]
    public string Email { get; init; } = "";

    /// <summary>That it is still them at the keyboard; of those who have one.</summary>
    [Display(Name = "Current password"), DataType(DataType.Password)]
    public string? CurrentPassword { get; init; }
}

internal sealed class DataModel(
    UserStore users,
    DataStore data,
    DeletionService deletion,
    AuthCookies cookies,
    PersonBudgets budgets,
    IOptions<AccountOptions> options,
    TimeProvider clock) : CallerPage(users)
{
    private static readonly AuthError AddressDiffers = AuthErrors.EmailMismatch with
    {
        Field = nameof(DeletionForm.Email),
        Advice = "This is not the address of your account. Type it as it stands above.",
    };

    /// <summary>When the account would be erased, were it deleted now; null for at once.</summary>
    public DateTimeOffset? EraseAt => options.Value.EraseAt(Person, clock.GetUtcNow());

    [BindProperty]
    public DeletionForm Input { get; set; } = new();

    public void OnGet() => Input = new DeletionForm();

    public async Task<IActionResult> OnGetDownloadAsync(CancellationToken ct)
    {
        if (!FreshSignIn.IsOf(Caller, clock))
            return this.RefuseCaller(AuthErrors.SessionNotFresh);
        budgets.TakeDownload(Caller.Id);
        var json = await data.ExportAsync(Caller.Id, ct);
        return File(Encoding.UTF8.GetBytes(json), "application/json", "my-account.json");
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return this.Refuse();
        if (EmailAddress.TryParse(Input.Email)?.Canonical != Caller.Profile.Email)
            return this.Refuse(AddressDiffers);

        var result = await deletion.DeleteAsync(Caller, Input.CurrentPassword ?? "", Client.Of(HttpContext), ct);
        if (!result.Succeeded)
            return this.RefuseCaller(result.Error);

        cookies.Clear(Response);
        return this.Tell(Notice.AccountDeleted, "/", reader: null, result.Value.EraseAt);
    }
}
