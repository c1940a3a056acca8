using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthPortal.Features.Devices;

internal sealed class DevicesModel(
    DeviceService devices, SessionEnder ender, SessionWriter writer, AuthCookies cookies) : PageModel
{
    private CurrentUser Caller => CurrentUser.Of(User);

    public IReadOnlyList<Device> Devices { get; private set; } = [];

    public Guid OwnSid => Caller.Session.Id;

    /// <summary>Before any handler: a form that was open too long is answered with the list as well.</summary>
    public override async Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) =>
        Devices = await devices.ListAsync(Caller, Client.Of(HttpContext), HttpContext.RequestAborted);

    public async Task<IActionResult> OnPostEndAsync(Guid sid, CancellationToken ct)
    {
        if (await devices.EndAsync(Caller, sid, Client.Of(HttpContext), ct) is { } refusal)
            return this.RefuseCaller(refusal);
        if (sid != OwnSid)
            return this.Tell(Notice.DevicesSignedOut, "/account/devices", Caller.Id);

        cookies.Clear(Response);
        return this.Tell(Notice.SignedOut, "/sign-in", reader: null);
    }

    public async Task<IActionResult> OnPostEndOthersAsync(CancellationToken ct)
    {
        var done = await ender.EndOthersAsync(Caller.Session, Client.Of(HttpContext), ct);
        if (!done.Succeeded)
            return this.RefuseCaller(done.Error);
        await writer.GoOnAloneAsync(HttpContext, Caller, done.Value);
        return this.Tell(Notice.DevicesSignedOut, "/account/devices", Caller.Id);
    }
}
