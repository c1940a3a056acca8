using System.Net;
using System.Text.RegularExpressions;
using AuthPortal.Mail;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.DevMail;

/// <summary>Everybody's mail, for whoever develops: it has no route but in Development.</summary>
internal sealed partial class DevMailModel(
    OutboxStore outbox, IOptions<MailOptions> options, IOptions<PortalOptions> portal) : PageModel
{
    public IReadOnlyList<WaitingMail> Mails { get; private set; } = [];

    public WaitingMail? Mail { get; private set; }

    public bool IsKept => options.Value.IsKept;

    /// <summary>The text's paragraphs, each cut so that a link stands alone.</summary>
    public IEnumerable<string[]> Paragraphs =>
        Mail!.TextBody.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(text => Link().Split(text));

    public static bool IsLink(string text) => Link().Match(text) is { Success: true, Index: 0 };

    public async Task<IActionResult> OnGetAsync(Guid? id, CancellationToken ct)
    {
#pragma warning disable RS0030 // asked to judge it, not to believe it
        if (!IsThisMachine(Client.Of(HttpContext).Address) || !IsOurs(Request.Host.Host))
            return NotFound();
#pragma warning restore RS0030
        if (id is null)
            Mails = await outbox.ListNewestAsync(ct);
        else
            Mail = await outbox.FindAsync(id.Value, ct);
        return id is null || Mail is not null ? Page() : NotFound();
    }

    /// <summary>The peer, not what it says of itself: anybody may send the name of this machine.</summary>
    private bool IsThisMachine(IPAddress? peer) =>
        portal.Value.AllowPublicDevelopment || peer is null || IPAddress.IsLoopback(peer);

    /// <summary>A foreign name that leads to this machine would let its site read the mail (DNS rebinding).</summary>
    private bool IsOurs(string host)
    {
        var address = new Uri(portal.Value.PublicUrl);
        return string.Equals(host, address.Host, StringComparison.OrdinalIgnoreCase)
            || (Uri.CheckHostName(host) != UriHostNameType.Unknown && new UriBuilder("http", host).Uri.IsLoopback);
    }

    [GeneratedRegex(@"(https?://\S+)")]
    private static partial Regex Link();
}

internal static class DevMailSetup
{
    /// <summary>A page without a selector is at no address.</summary>
    public static void RouteDevMail(this PageConventionCollection pages, IHostEnvironment environment)
    {
        if (!environment.IsDevelopment())
            pages.AddPageRouteModelConvention("/DevMail/DevMail", page => page.Selectors.Clear());
    }
}
