using System.Globalization;
using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthPortal.Features.Account;

internal sealed class AccountModel(
    AccountService account, SessionEnder ender, SessionWriter writer, AuthCookies cookies) : PageModel
{
    public CurrentUser Caller => CurrentUser.Of(User);

    [BindProperty]
    public UpdateUserRequest Input { get; set; } = new();

    /// <summary>Asked of the address alone: bound, a stranger's nonsense in it would be told as an error.</summary>
    public bool Saved => Request.Query["saved"] == "true";

    /// <summary>The first letter as a reader counts letters: an emoji or an accent stays whole.</summary>
    public string Initial => StringInfo.GetNextTextElement(Caller.Profile.DisplayName).ToUpperInvariant();

    public void OnGet() => Input = new UpdateUserRequest { Name = Caller.Profile.Name };

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return this.Refuse();

        var result = await account.UpdateAsync(
            Caller, Input.Name, setImage: false, image: null, Client.Of(HttpContext), ct);
        if (!result.Succeeded)
            return Challenge();

        await writer.ContinueAsync(HttpContext, Caller, result.Value);
        return RedirectToPage(new { saved = "true" });
    }

    public async Task<IActionResult> OnPostSignOutEverywhereAsync(CancellationToken ct)
    {
        await ender.EndAllAsync(Caller.Session, Client.Of(HttpContext), ct);
        cookies.Clear(Response);
        return Redirect("/sign-in?signedOut=true");
    }
}
