using System.Globalization;
using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.Account;

internal sealed class AccountModel(
    AccountService account,
    SessionEnder ender,
    SessionWriter writer,
    AuthCookies cookies,
    IOptions<PortalOptions> portal) : PageModel
{
    public CurrentUser Caller => CurrentUser.Of(User);

    [BindProperty]
    public UpdateUserRequest Input { get; set; } = new();

    /// <summary>Where they were headed whose account was restored meanwhile; null for nowhere.</summary>
    public string? WayOn => ReturnUrl.Safe(Request.Query["returnUrl"], portal.Value);

    /// <summary>The first letter as a reader counts letters: an emoji or an accent stays whole.</summary>
    public string Initial => StringInfo.GetNextTextElement(Caller.Profile.DisplayName).ToUpperInvariant();

    public void OnGet() =>
        Input = new UpdateUserRequest { Name = Caller.Profile.Name, Image = Caller.Profile.Image };

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return this.Refuse();

        // Left as it was, the picture stays: a token too long for a cookie leaves it out, and the form shows none.
        var setImage = Input.Image != Caller.Profile.Image;
        var result = await account.UpdateAsync(
            Caller, Input.Name, setImage, Input.Image, Client.Of(HttpContext), ct);
        if (!result.Succeeded)
            return Challenge();

        await writer.ContinueAsync(HttpContext, Caller, result.Value);
        return this.Tell(Notice.ProfileSaved, "/account", Caller.Id);
    }

    public async Task<IActionResult> OnPostSignOutEverywhereAsync(CancellationToken ct)
    {
        if (await ender.EndAllAsync(Caller.Session, Client.Of(HttpContext), ct) is { } refusal)
            return this.RefuseCaller(refusal);
        cookies.Clear(Response);
        return this.Tell(Notice.SignedOut, "/sign-in", reader: null);
    }
}
