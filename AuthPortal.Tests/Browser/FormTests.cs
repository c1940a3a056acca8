using AuthPortal.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace AuthPortal.Tests.Browser;

/// <summary>What <c>forms.js</c> adds to forms that work without it.</summary>
[Trait("Category", "Browser")]
public sealed class FormTests(BrowsedPortal portal) : IClassFixture<BrowsedPortal>
{
    [BrowserFact]
    public async Task A_password_is_shown_while_asked_for_and_typing_goes_on_where_it_was()
    {
        var visitor = await portal.VisitorAsync();
        var page = visitor.Page;
        await visitor.OpenAsync("/sign-in");
        var (field, show) = (Password(page), page.GetByRole(AriaRole.Button, new() { Name = "Show password" }));
        await field.ClickAsync();
        await page.Keyboard.TypeAsync("corect");
        for (var steps = 0; steps < 3; steps++)
            await page.Keyboard.PressAsync("ArrowLeft");

        await show.ClickAsync();
        await Assertions.Expect(field).ToHaveAttributeAsync("type", "text");
        await Assertions.Expect(show).ToHaveAttributeAsync("aria-pressed", "true");
        await Assertions.Expect(field).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("r");
        await show.ClickAsync();
        await Assertions.Expect(field).ToHaveAttributeAsync("type", "password");
        await page.Keyboard.TypeAsync("-");

        await Assertions.Expect(field).ToHaveValueAsync("corr-ect");
        var box = (await show.BoundingBoxAsync())!;
        Assert.True(box is { Width: >= 44, Height: >= 44 }, $"{box.Width} by {box.Height}");
        visitor.HasNothingToComplainOf();
    }

    [BrowserFact]
    public async Task A_shown_password_is_hidden_before_it_is_sent()
    {
        var visitor = await portal.VisitorAsync();
        var page = visitor.Page;
        await visitor.OpenAsync("/sign-in");
        await visitor.FillAsync("Email", visitor.Email);
        await visitor.FillAsync("Password", "not the password");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show password" }).ClickAsync();
        await HoldAsync(page);

        await visitor.PressAsync("Sign in");

        Assert.Equal(["password"], await page.EvaluateAsync<string[]>("sent"));
    }

    [BrowserFact]
    public async Task Caps_Lock_is_told_of_while_a_password_is_typed()
    {
        var visitor = await portal.VisitorAsync();
        await visitor.OpenAsync("/sign-in");
        var told = visitor.Page.Locator("#Input-Password-told");
        await Assertions.Expect(told).ToHaveAttributeAsync("aria-live", "polite");

        await TypeAsync(capsLock: true);
        await Assertions.Expect(told).ToHaveTextAsync("Caps Lock is on.");
        await TypeAsync(capsLock: false);
        await Assertions.Expect(told).ToBeEmptyAsync();

        Task TypeAsync(bool capsLock) => Password(visitor.Page).DispatchEventAsync(
            "keydown", new { key = "A", modifierCapsLock = capsLock });
    }

    [BrowserFact]
    public async Task A_new_password_is_judged_in_words_by_the_rules_it_will_meet()
    {
        var visitor = await portal.VisitorAsync();
        await visitor.OpenAsync("/sign-up");
        var told = visitor.Page.Locator("#Input-Password-told");
        await visitor.FillAsync("Name", "Ada Lovelace");
        await visitor.FillAsync("Email", "countess@example.com");

        (string Typed, string Told)[] said =
        [
            ("short", "Too short: 5 of at least 8 characters."),
            ("\U0001F511\U0001F511", "Too short: 2 of at least 8 characters."),
            ("Ada LOVELACE", "Your password can't be your own name or email address. Choose another."),
            ("countess", "Your password can't be your own name or email address. Choose another."),
            ("countess@example.com", "Your password can't be your own name or email address. Choose another."),
            ("tide over basalt", "Long enough."),
            (new string('x', 129), "This password is too long. Use at most 128 characters."),
            ("", ""),
        ];
        foreach (var (typed, words) in said)
        {
            await visitor.FillAsync("Password", typed);
            await Assertions.Expect(told).ToHaveTextAsync(words);
        }

        await visitor.FillAsync("Password", "tide over basalt");
        await visitor.FillAsync("Name", "Tide over Basalt");
        await Assertions.Expect(told).ToContainTextAsync("your own name");
        visitor.HasNothingToComplainOf();
    }

    [BrowserFact]
    public async Task A_form_says_what_it_does_is_sent_once_and_comes_back_where_it_was_stopped()
    {
        var visitor = await portal.VisitorAsync();
        var page = visitor.Page;
        await visitor.OpenAsync("/sign-in");
        await visitor.FillAsync("Email", visitor.Email);
        await visitor.FillAsync("Password", "not the password");
        await HoldAsync(page);

        await visitor.PressAsync("Sign in");
        var button = page.Locator("main form button[data-busy]");
        await Assertions.Expect(button).ToHaveTextAsync("Signing in…");
        await Assertions.Expect(button).ToHaveAttributeAsync("aria-disabled", "true");
        await button.DispatchEventAsync("click");
        await Password(page).PressAsync("Enter");
        await Assertions.Expect(page.Locator(".unseen[aria-live]")).ToHaveTextAsync("Signing in…");
        Assert.Single(await page.EvaluateAsync<string[]>("sent"));

        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(button).ToHaveTextAsync("Sign in");
        await visitor.PressAsync("Sign in");
        Assert.Equal(2, (await page.EvaluateAsync<string[]>("sent")).Length);
        await page.EvaluateAsync("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
        await Assertions.Expect(button).ToBeEnabledAsync();
        await Assertions.Expect(button).ToHaveTextAsync("Sign in");
        visitor.HasNothingToComplainOf();
    }

    [BrowserFact]
    public async Task The_address_goes_along_between_the_ways_in_and_never_in_a_URL()
    {
        var visitor = await portal.VisitorAsync();
        await visitor.OpenAsync("/sign-in");
        await visitor.FillAsync("Email", visitor.Email);

        await visitor.FollowAsync("Create an account");
        await ShowsAddressAsync();
        await visitor.FollowAsync("Sign in");
        await ShowsAddressAsync();
        await visitor.StandsInAsync("Password"); // there is nothing left to type before it
        await visitor.FollowAsync("Forgot your password?");
        await ShowsAddressAsync();
        await visitor.FollowAsync("Back to sign in");
        await ShowsAddressAsync();

        await visitor.OpenAsync("/sign-up");
        Assert.Equal("", await visitor.Page.GetByLabel("Email", new() { Exact = true }).InputValueAsync());
        Assert.Equal(0, await visitor.Page.EvaluateAsync<int>("sessionStorage.length"));
        Assert.DoesNotContain(visitor.Requests, url => url.Contains(visitor.Email.Split('@')[0], StringComparison.Ordinal));
        visitor.HasNothingToComplainOf();

        Task ShowsAddressAsync() => Assertions.Expect(
            visitor.Page.GetByLabel("Email", new() { Exact = true })).ToHaveValueAsync(visitor.Email);
    }

    [BrowserFact]
    public async Task Another_language_keeps_the_name_and_the_address_and_no_password()
    {
        var visitor = await portal.VisitorAsync();
        await visitor.OpenAsync("/sign-up");
        await visitor.FillAsync("Name", "Ada Lovelace");
        await visitor.FillAsync("Email", visitor.Email);
        await visitor.FillAsync("Password", Api.Password);

        await visitor.PressAsync("Deutsch");
        await visitor.SeesAsync("Konto erstellen");
        foreach (var (field, value) in new[] { ("Name", "Ada Lovelace"), ("Email", visitor.Email), ("Password", "") })
            await Assertions.Expect(visitor.Page.Locator($"#Input-{field}")).ToHaveValueAsync(value);
        await visitor.StandsInAsync("Passwort");
        Assert.Equal(0, await visitor.Page.EvaluateAsync<int>("sessionStorage.length"));

        await visitor.OpenAsync("/sign-in");
        await visitor.Page.Locator("#Input-Email").FillAsync(visitor.Email);
        await visitor.PressAsync("English");
        await visitor.SeesAsync("Sign in");
        await Assertions.Expect(visitor.Page.Locator("#Input-Email")).ToHaveValueAsync(visitor.Email);
        visitor.HasNothingToComplainOf();
    }

    [BrowserFact]
    public async Task A_refused_form_is_not_sent_again_by_reloading_or_coming_back()
    {
        var visitor = await portal.VisitorAsync();
        var page = visitor.Page;
        await visitor.OpenAsync("/sign-in");
        await visitor.FillAsync("Email", visitor.Email);
        await visitor.FillAsync("Password", "not the password");
        await visitor.PressAsync("Sign in");
        await visitor.IsToldAsync(AriaRole.Alert);
        var methods = new List<string>();
        page.Request += (_, request) => methods.Add(request.Method);

        await page.ReloadAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToBeHiddenAsync();
        await visitor.FollowAsync("Create an account");
        await visitor.SeesAsync("Create an account");
        await page.GoBackAsync();
        await visitor.SeesAsync("Sign in");

        Assert.DoesNotContain("POST", methods);
        visitor.HasNothingToComplainOf();
    }

    [BrowserFact]
    public async Task What_was_copied_can_be_pasted_into_a_password_and_a_code()
    {
        var visitor = await portal.VisitorAsync();
        var page = visitor.Page;
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await visitor.OpenAsync("/sign-in");
        await PasteAsync(Password(page), "from my password manager");
        await visitor.SignUpAsync();
        await visitor.OpenAsync("/account/security/authenticator");
        await PasteAsync(page.GetByLabel("Code", new() { Exact = true }), "123456");

        async Task PasteAsync(ILocator field, string text)
        {
            await page.EvaluateAsync("text => navigator.clipboard.writeText(text)", text);
            await field.ClickAsync();
            await page.Keyboard.PressAsync("Control+V");
            await Assertions.Expect(field).ToHaveValueAsync(text);
        }
    }

    private static ILocator Password(IPage page) => page.GetByLabel("Password", new() { Exact = true });

    /// <summary>
    /// Notes the type of the password's field in what is sent, and sends nothing: the page waits as for a slow answer.
    /// </summary>
    private static async Task HoldAsync(IPage page) => await page.EvaluateAsync(
        """
        () => {
          window.sent = [];
          window.addEventListener("submit", (event) => {
            if (!event.defaultPrevented) sent.push(document.getElementById("Input-Password").type);
            event.preventDefault();
          });
        }
        """);
}
