using AuthPortal.Tests.Support;
using Microsoft.Playwright;

namespace AuthPortal.Tests.Browser;

/// <summary>A portal that Chromium visits.</summary>
public sealed class BrowsedPortal : ServedPortal
{
    /// <summary>Opens a browser of a person's own, with no cookies and nothing cached. It is closed when the test ends.</summary>
    internal async Task<Visitor> VisitorAsync(BrowserNewContextOptions? options = null)
    {
        options ??= new BrowserNewContextOptions();
        options.BaseURL = Address;
        var context = await Visitors.NewContextAsync(options);
        context.SetDefaultTimeout((float)Eventually.Limit.TotalMilliseconds);
        return new Visitor(await context.NewPageAsync());
    }

    /// <summary>Starts another portal with these settings, and lets a person visit it.</summary>
    internal static async Task VisitAsync(
        Dictionary<string, string?> settings, BrowserNewContextOptions options, Func<Visitor, Task> act)
    {
        await using var portal = new BrowsedPortal();
        foreach (var (key, value) in settings)
            portal.Settings[key] = value;
        await portal.InitializeAsync();
        await act(await portal.VisitorAsync(options));
    }

    /// <summary>Starts another portal, where addresses must be confirmed by mails that the test can read.</summary>
    internal static async Task VisitWithMailAsync(
        BrowserNewContextOptions options, Func<Visitor, SmtpSink, Task> act)
    {
        await using var mail = SmtpSink.Start();
        var settings = mail.Settings();
        settings["Accounts:RequireVerifiedEmail"] = "true";
        await VisitAsync(settings, options, visitor => act(visitor, mail));
    }
}
