using System.Net;
using System.Net.Http.Json;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Languages;

/// <summary>Who asks for a language is answered in it, and whoever chose one is asked no more.</summary>
public sealed class LanguageTests(MailedPortal portal) : IClassFixture<MailedPortal>
{
    [Theory]
    [InlineData("de", "de", "ltr", "Anmelden")]
    [InlineData("de-AT, en;q=0.5", "de", "ltr", "Anmelden")]
    [InlineData("es-MX", "es", "ltr", "Iniciar sesión")]
    [InlineData("fr;q=0.9, en;q=0.8", "fr", "ltr", "Se connecter")]
    [InlineData("ja", "ja", "ltr", "サインイン")]
    [InlineData("ar-EG", "ar", "rtl", "تسجيل الدخول")]
    [InlineData("tlh, pt;q=0.9", "en", "ltr", "Sign in")]
    [InlineData("pt, de;q=0.9", "de", "ltr", "Anmelden")]
    [InlineData("*", "en", "ltr", "Sign in")]
    [InlineData(null, "en", "ltr", "Sign in")]
    public async Task A_page_is_in_the_first_language_asked_for_that_the_portal_knows(
        string? asked, string tag, string direction, string heading)
    {
        var browser = Reader(asked);
        await browser.OpenAsync("/sign-in");

        Assert.Equal(heading, browser.Heading);
        Assert.Equal(tag, browser.Page.DocumentElement.GetAttribute("lang"));
        Assert.Equal(direction, browser.Page.DocumentElement.GetAttribute("dir"));
        Assert.Equal([tag], browser.Response.Content.Headers.ContentLanguage);
        Assert.Equal(["Accept-Language", "Cookie"], browser.Response.Headers.Vary);
        Assert.True(browser.Response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task A_choice_is_kept_outranks_the_browsers_and_leads_back_to_the_page()
    {
        var browser = Reader("ja");
        await browser.OpenAsync("/sign-up?returnUrl=%2Faccount%2Fdevices");
        await browser.SubmitAsync("Deutsch");

        Assert.Equal("/sign-up?returnUrl=%2Faccount%2Fdevices", browser.Url.PathAndQuery);
        Assert.Equal("Konto erstellen", browser.Heading);
        Assert.Equal("Deutsch", browser.Page.QuerySelector("footer [aria-current]")!.TextContent);
        await browser.OpenAsync("/sign-in");
        Assert.Equal("Anmelden", browser.Heading);
        await browser.SubmitAsync("English");
        Assert.Equal("Sign in", browser.Heading);
    }

    [Fact]
    public async Task The_choice_is_a_cookie_guarded_like_the_others()
    {
        var http = portal.Program();
        using var choice = await ChoiceAsync(http, "/forgot-password");
        using var response = await http.SendAsync(choice);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal("/forgot-password", response.Header("Location"));
        Assert.Equal(
            "__Host-authportal.language=ar; max-age=31536000; path=/; secure; samesite=lax; httponly",
            response.Cookie("language"));
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("")]
    public async Task It_leads_nowhere_else(string returnUrl)
    {
        var http = portal.Program();
        using var choice = await ChoiceAsync(http, returnUrl);
        using var response = await http.SendAsync(choice);

        Assert.Equal("/", response.Header("Location"));
    }

    [Theory]
    [InlineData("tlh")]
    [InlineData("DE")]
    [InlineData("de; domain=evil.example")]
    [InlineData("")]
    public async Task A_language_that_nobody_offered_is_not_kept(string language)
    {
        var http = portal.Program();
        using var choice = await ChoiceAsync(http, "/sign-in", language);
        using var response = await http.SendAsync(choice);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Null(response.Cookie("language"));
    }

    [Fact]
    public async Task What_is_wrong_is_said_in_the_language_beside_the_field()
    {
        var browser = Reader("de");
        await browser.OpenAsync("/sign-up");
        await browser.SubmitAsync(
            "Konto erstellen", ("Name", ""), ("E‑Mail-Adresse", "ada@"), ("Passwort", "kurz"));

        Assert.StartsWith("Fehler: ", browser.Page.Title, StringComparison.Ordinal);
        Assert.Equal("Geben Sie Ihren Namen ein.", browser.ProblemOf("Name"));
        Assert.Equal(
            "Geben Sie eine E‑Mail-Adresse ein, zum Beispiel ada@example.com.", browser.ProblemOf("E‑Mail-Adresse"));
        await browser.SubmitAsync(
            "Konto erstellen", ("Name", "Ada"), ("E‑Mail-Adresse", Api.NewEmail()), ("Passwort", "kurz"));
        Assert.StartsWith("Dieses Passwort ist zu kurz.", browser.ProblemOf("Passwort"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_programs_refusal_is_explained_in_the_language_and_named_in_none()
    {
        using var request = Visit.Request(HttpMethod.Post, "/api/auth/sign-in/email", ("Accept-Language", "fr"));
        request.Content = JsonContent.Create(new { email = Api.NewEmail(), password = Api.Password });
        using var response = await portal.Stranger().SendAsync(request);
        var problem = await response.JsonAsync();

        Assert.Equal("INVALID_EMAIL_OR_PASSWORD", problem["code"]!.GetValue<string>());
        Assert.Equal("Invalid email or password", problem["message"]!.GetValue<string>());
        Assert.StartsWith("L’adresse e‑mail et le mot de passe", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(["fr"], response.Content.Headers.ContentLanguage);
        Assert.Contains("Accept-Language", response.Headers.Vary);
    }

    [Fact]
    public async Task A_letter_is_in_the_language_of_who_asked_for_it()
    {
        var ada = await portal.NewPersonAsync();
        var browser = Reader("ar");
        await browser.OpenAsync("/forgot-password");
        await browser.SubmitAsync("إرسال الرابط", ("البريد الإلكتروني", ada.Email));
        var mail = (await portal.MailToAsync(ada.Email))[^1];

        Assert.Equal("اختر كلمة مرور جديدة", mail.Subject);
        Assert.Contains("الرابط صالح لمرة واحدة خلال ساعة.", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"ar\" dir=\"rtl\">", mail.HtmlBody, StringComparison.Ordinal);
        Assert.StartsWith("/reset-password?token=", mail.Link, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dates_and_what_happened_are_in_the_language()
    {
        var browser = Reader("ja");
        await browser.OpenAsync("/sign-up");
        await browser.SubmitAsync(
            "アカウントを作成", ("名前", "花子"), ("メールアドレス", Api.NewEmail()), ("パスワード", Api.Password));
        await browser.OpenAsync("/account");
        Assert.Equal("花子 さん、こんにちは", browser.Heading);
        Assert.All(browser.Page.QuerySelectorAll("time"), time => Assert.Matches(@"^\d{4}年\d{1,2}月\d{1,2}日", time.TextContent));
        await browser.OpenAsync("/account/activity");
        Assert.Contains("アカウントを作成しました", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_for_programmers_says_that_it_is_in_English()
    {
        var person = await portal.NewPersonAsync();
        using var request = Visit.Request(HttpMethod.Get, "/developers", ("Accept-Language", "ar"));
        using var response = await person.Http.SendAsync(request);
        var html = await response.Content.ReadAsStringAsync();

        Assert.Contains("<html lang=\"ar\" dir=\"rtl\">", html, StringComparison.Ordinal);
        Assert.Matches("<main [^>]*lang=\"en\" dir=\"ltr\">", html);
    }

    private PlainBrowser Reader(string? asked)
    {
        var http = portal.CreateClient(new() { BaseAddress = new Uri(Portal.Url) });
        if (asked is not null)
            http.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", asked);
        return new PlainBrowser(http);
    }

    private static async Task<HttpRequestMessage> ChoiceAsync(HttpClient http, string returnUrl, string language = "ar")
    {
        var browser = new PlainBrowser(http);
        await browser.OpenAsync("/sign-in");
        var request = browser.Request("العربية", keep: name => name != "returnUrl");
        var form = System.Web.HttpUtility.ParseQueryString(await request.Content!.ReadAsStringAsync());
        (form["returnUrl"], form["language"]) = (returnUrl, language);
        request.Content = new FormUrlEncodedContent(form.AllKeys.Select(key => KeyValuePair.Create(key!, form[key]!)));
        return request;
    }
}
