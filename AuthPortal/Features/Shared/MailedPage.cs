using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthPortal.Features;

/// <summary>A page that a mailed link opens.</summary>
internal abstract class MailedPage : PageModel
{
    protected string? Token => Request.Query["token"];

    protected abstract Task ReadAsync();

    public override Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => ReadAsync();
}
