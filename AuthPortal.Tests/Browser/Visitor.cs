using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using AuthPortal.Tests.SecondFactor;
using AuthPortal.Tests.Support;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace AuthPortal.Tests.Browser;

/// <summary>A person at Chromium, and what the browser complained of meanwhile.</summary>
internal sealed class Visitor
{
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentQueue<string> _requests = new();

    public Visitor(IPage page)
    {
        Page = page;
        page.Console += (_, message) => Hear(message);
        page.PageError += (_, error) => _complaints.Enqueue(error);
        page.RequestFailed += (_, request) => _complaints.Enqueue($"{request.Url}: {request.Failure}");
        page.Request += (_, request) => _requests.Enqueue(request.Url);
    }

    public IPage Page { get; }

    public string Email { get; } = Api.NewEmail();

    public string Path => new Uri(Page.Url).PathAndQuery;

    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>Waits for the page's script to move the focus to where the words, or a label, begin so.</summary>
    public Task HasFocusOnAsync(string start) => Eventually.SeeAsync(
        $"the focus is on {start}", FocusedAsync, name => name.StartsWith(start, StringComparison.Ordinal));

    /// <summary>Reads the label, or else the text, of the element that has the focus now.</summary>
    public Task<string> FocusedAsync() => Page.EvaluateAsync<string>(
        "(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()");

    public Task OpenAsync(string path) => Page.GotoAsync(path);

    public Task PressAsync(string button) =>
        Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    public Task FollowAsync(string link) =>
        Page.GetByRole(AriaRole.Link, new() { Name = link, Exact = true }).ClickAsync();

    public Task FillAsync(string label, string value) =>
        Page.GetByLabel(label, new() { Exact = true }).FillAsync(value);

    /// <param name="heading">Of the page it leads to; null for the account's.</param>
    public async Task SignUpAsync(string name = "Ada Lovelace", string? heading = null)
    {
        await OpenAsync("/sign-up");
        await FillAsync("Name", name);
        await FillAsync("Email", Email);
        await FillAsync("Password", Api.Password);
        await PressAsync("Create account");
        await SeesAsync(heading ?? $"Hello, {name}");
    }

    /// <summary>By whoever is signed in, with the authenticator at hand.</summary>
    public async Task AddPasskeyAsync(string name)
    {
        await OpenAsync("/account/security");
        await FillAsync("Name of the new passkey", name);
        await PressAsync("Add a passkey");
        await IsToldAsync(AriaRole.Status);
    }

    public async Task SignInAsync()
    {
        await FillAsync("Email", Email);
        await FillAsync("Password", Api.Password);
        await PressAsync("Sign in");
    }

    /// <summary>Moves the mouse once the sign-in page's script runs, which asks for passkeys then and no sooner.</summary>
    public async Task MovesAsync()
    {
        await Assertions.Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Show password" })).ToBeVisibleAsync();
        await Page.Mouse.MoveAsync(1, 1);
        await Page.Mouse.MoveAsync(2, 2);
    }

    /// <summary>Waits until the page has this heading.</summary>
    public Task SeesAsync(string heading) =>
        Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(heading);

    /// <summary>Waits until that field has the focus, as it gets of itself on a page that begins with it.</summary>
    public Task StandsInAsync(string label) =>
        Assertions.Expect(Page.GetByLabel(label, new() { Exact = true })).ToBeFocusedAsync();

    /// <summary>Waits until the page says how it went.</summary>
    public Task IsToldAsync(AriaRole role) => Assertions.Expect(Page.GetByRole(role)).ToBeVisibleAsync();

    public Task IsAtAsync(string pathAndQuery) =>
        Assertions.Expect(Page).ToHaveURLAsync(new Regex($"^http://[^/]+{Regex.Escape(pathAndQuery)}$"));

    /// <summary>In a window of that width nothing sticks out, and the footer lies below the card.</summary>
    public async Task FitsAsync(int width, string what)
    {
        await Page.SetViewportSizeAsync(width, width < 600 ? 740 : 900);
        var overflow = await Page.EvaluateAsync<int>(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"{what} is {overflow} px too wide");
        var overlap = await Page.EvaluateAsync<double>(
            """
            () => {
              const [main, footer] = ["main", "footer"].map((part) => document.querySelector(part)?.getBoundingClientRect());
              return main && footer ? main.bottom - footer.top : 0;
            }
            """);
        Assert.True(overlap <= 0, $"{what}: the footer lies {overlap} px over the card");
    }

    /// <summary>Deque's axe finds nothing wrong with the page as it is.</summary>
    /// <param name="least">How much axe must have looked at.</param>
    public async Task IsAccessibleAsync(string what, AxeRunOptions? options = null, int least = 10)
    {
        var seen = await Page.RunAxe(options);
        Assert.True(seen.Passes.Length + seen.Incomplete.Length >= least, $"{what}: axe has looked at nothing");
        Assert.Empty(seen.Violations.SelectMany(violation => violation.Nodes.Select(node =>
            $"{what}: {violation.Id}, {violation.Help}: {node.Html}")));
    }

    /// <summary>Presses Tab until that has the focus.</summary>
    public async Task TabToAsync(string name)
    {
        for (var stops = 30; stops > 0; stops--)
        {
            await Page.Keyboard.PressAsync("Tab");
            if (await FocusedAsync() == name)
                return;
        }

        Assert.Fail($"Tab never reached '{name}'.");
    }

    /// <summary>An app that is set up from the page shown.</summary>
    public async Task<Phone> PhoneAsync() =>
        new(await Page.Locator("code.key").TextContentAsync() ?? "", TimeProvider.System);

    /// <summary>Turns the authenticator app on; the page shows the recovery codes.</summary>
    public async Task<Phone> SetUpPhoneAsync()
    {
        await OpenAsync("/account/security/authenticator");
        return await ConfirmPhoneAsync();
    }

    /// <summary>On the page that shows the key.</summary>
    public async Task<Phone> ConfirmPhoneAsync()
    {
        var phone = await PhoneAsync();
        await FillAsync("Code", phone.Code);
        await PressAsync("Turn it on");
        await SeesAsync("Keep your recovery codes");
        return phone;
    }

    public void HasNothingToComplainOf() => Assert.Empty(_complaints);

    /// <summary>A page that is itself a refusal is an error to the console, and none to us.</summary>
    private void Hear(IConsoleMessage message)
    {
        var isThePage = message.Location.StartsWith(Page.Url, StringComparison.Ordinal)
            && message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal);
        if (message.Type is "error" or "warning" && !isThePage)
            _complaints.Enqueue(message.Text);
    }
}
