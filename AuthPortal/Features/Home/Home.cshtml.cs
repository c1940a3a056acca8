using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthPortal.Features.Home;

internal sealed class HomeModel : PageModel
{
    public CurrentUser? Caller => CurrentUser.TryOf(User);

    /// <summary>What <c>/api/auth/error</c> sends here with.</summary>
    public string? ErrorCode { get; private set; }

    public void OnGet(string? error) => ErrorCode = RedirectError.IsCode(error) ? error : null;
}
