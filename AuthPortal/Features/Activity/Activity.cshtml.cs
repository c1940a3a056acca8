using AuthPortal.Audit;
using AuthPortal.Tokens;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthPortal.Features.Activity;

internal sealed class ActivityModel(AuditStore audit) : PageModel
{
    private const int Shown = 40;
    private const int ShownByAnybody = 10;

    public IReadOnlyList<RecordedEvent> Events { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct) =>
        Events = await audit.ListOwnAsync(CurrentUser.Of(User).Id, Shown, ShownByAnybody, ct);
}
