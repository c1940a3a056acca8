using AuthPortal.Tokens;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthPortal.Features.Home;

internal sealed class HomeModel : PageModel
{
    public CurrentUser? Caller => CurrentUser.TryOf(User);

    /// <summary>What <c>/api/auth/error</c> sends here with.</summary>
    public string? ErrorCode { get; private set; }

    public void OnGet(string? error) => ErrorCode = string.IsNullOrEmpty(error) || error.Length > 64 ? null : error;
}
