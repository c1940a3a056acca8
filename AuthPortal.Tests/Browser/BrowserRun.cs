using AuthPortal.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace AuthPortal.Tests.Browser;

/// <summary>
/// Chromium, and the portal as its own process, which the tests in it share, one after another. Neither starts before
/// a test asks for it.
/// </summary>
[CollectionDefinition(Name)]
public sealed class BrowserRun : IAsyncLifetime, ICollectionFixture<BrowserRun>
{
    public const string Name = "Chromium";

    private readonly Lazy<Task<IBrowser>> _browser;
    private readonly Lazy<Task<PortalProcess>> _portal;
    private IPlaywright? _playwright;
    private string? _database;

    public BrowserRun() => (_browser, _portal) = (new(LaunchAsync), new(StartAsync));

    /// <summary>Somebody new at a browser of their own: no cookies, nothing cached.</summary>
    /// <param name="portal">Another than the shared one.</param>
    internal async Task<Visitor> VisitorAsync(BrowserNewContextOptions? options = null, PortalProcess? portal = null)
    {
        options ??= new BrowserNewContextOptions();
        options.BaseURL = (portal ?? await _portal.Value).Url;
        var context = await (await _browser.Value).NewContextAsync(options);
        context.SetDefaultTimeout(15_000);
        return new Visitor(context, await context.NewPageAsync());
    }

    /// <summary>Somebody at a portal of their own, with these settings.</summary>
    internal async Task OnPortalAsync(
        Dictionary<string, string?> settings, BrowserNewContextOptions options, Func<Visitor, Task> act)
    {
        var database = await TestServer.CreateDatabaseAsync();
        await using (var portal = await PortalProcess.StartAndWaitAsync(database, settings))
        {
            await using var visitor = await VisitorAsync(options, portal);
            await act(visitor);
        }

        await TestServer.DropDatabaseAsync(database);
    }

    /// <summary>Where addresses must be confirmed, by mails that can be read.</summary>
    internal async Task OnMailingPortalAsync(BrowserNewContextOptions options, Func<Visitor, SmtpSink, Task> act)
    {
        await using var mail = SmtpSink.Start();
        var settings = mail.Settings("__");
        settings["Accounts__RequireVerifiedEmail"] = "true";
        await OnPortalAsync(settings, options, visitor => act(visitor, mail));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        // What never started is not waited for: it would keep the other running.
        if (_browser is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await _browser.Value).DisposeAsync();
        _playwright?.Dispose();
        if (_portal is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await _portal.Value).DisposeAsync();
        if (_database is not null)
            await TestServer.DropDatabaseAsync(_database);
    }

    private async Task<IBrowser> LaunchAsync()
    {
        _playwright = await Playwright.CreateAsync();
        return await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = BrowserFactAttribute.Chromium,
            Args =
            [
                "--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update",
                "--disable-sync",
            ],
        });
    }

    private async Task<PortalProcess> StartAsync()
    {
        _database = await TestServer.CreateDatabaseAsync();
        return await PortalProcess.StartAndWaitAsync(_database);
    }
}
