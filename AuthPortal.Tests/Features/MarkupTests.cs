using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>
/// Whatever a stranger writes where a page may show it, the page's elements and attributes stay those it has for a
/// harmless word (ASVS 1.2.1-3).
/// </summary>
public sealed class MarkupTests(Portal portal) : IClassFixture<Portal>
{
    private const string Harmless = "a plain word";

    private static readonly HtmlParser Parser = new();

    /// <summary>Each a name somebody may have: a hundred characters at most.</summary>
    private static readonly string[] Hostile =
    [
        "<script>alert(1)</script><img src=x onerror=alert(1)><svg/onload=alert(1)>",
        "\"><img src=x onerror=alert(1)>\" autofocus onfocus=alert(1) x=\"", "' onmouseover='alert(1)' style='x:y",
        "</title></textarea></style></script><script>alert(1)</script>", "--><img src=x onerror=alert(1)><!--",
        "<iframe srcdoc='<script>alert(1)</script>'><base href=//evil.test>",
        "<meta http-equiv=refresh content=0;//evil.test><link rel=stylesheet href=//evil.test>",
        "<form action=//evil.test><input name=password><button formaction=javascript:alert(1)>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "&#60;script&#62;alert(1)&#60;/script&#62;&lt;b&gt;", "%3Cscript%3Ealert(1)%3C/script%3E%22%3E%3Cb%3E",
        "＜script＞alert(1)＜/script＞ \uFF02\uFF1E", "javascript:alert(1)//<a href=javascript:alert(1)>x</a>",
        "{{constructor.constructor('alert(1)')()}}${alert(1)}#{7*7}<%= 7*7 %>@(7*7)@Html.Raw(1)",
        "<object data=data:text/html,x><embed src=//evil.test><x contenteditable onblur=alert(1)>",
    ];

    private static readonly string[] Addresses =
    [
        "/?error={0}&error_description={0}", "/?{0}={0}", "/sign-in?returnUrl={0}", "/sign-up?returnUrl={0}",
        "/sign-in?signedOut={0}", "/forgot-password?email={0}", "/reset-password?token={0}", "/verify-email?token={0}",
        "/change-email?token={0}", "/undo-email-change?token={0}", "/delete-account?token={0}&returnUrl={0}", "/{0}",
    ];

    private static readonly string[] Personal =
    [
        "/", "/account", "/account/security", "/account/email", "/account/data", "/developers", "/sign-out",
        "/step-up?returnUrl={0}&max_age=0",
    ];

    [Fact]
    public async Task What_stands_in_an_address_is_text()
    {
        var http = portal.Stranger();
        foreach (var address in Addresses)
        {
            var usual = Shape(await ReadAsync(http, address, Harmless));
            Assert.Equal(usual, Shape(await ReadAsync(http, address, string.Concat(Hostile))));
        }
    }

    [Fact]
    public async Task What_somebody_calls_themselves_is_text()
    {
        var person = await portal.NewPersonAsync(Harmless);
        var usual = await ShapesAsync(person, Harmless);

        foreach (var hostile in Hostile)
        {
            var renamed = await person.Http.PostAsync("/api/auth/update-user", new { name = hostile });
            renamed.EnsureSuccessStatusCode();
            Assert.Equal(usual, await ShapesAsync(person, hostile));
        }
    }

    [Fact]
    public async Task What_a_browser_calls_itself_is_text()
    {
        var shapes = new List<string>();
        foreach (var agent in (string[])[Harmless, string.Concat(Hostile)])
        {
            var http = portal.Program();
            http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", $"Mozilla/5.0 {agent}");
            (await http.SignUpAsync(Api.NewEmail())).EnsureSuccessStatusCode();
            foreach (var address in (string[])["/account/devices", "/account/activity"])
                shapes.Add(Shape(Parser.ParseDocument(await http.GetStringAsync(address))));
        }

        Assert.Equal(shapes[..2], shapes[2..]);
    }

    [Fact]
    public async Task What_is_typed_into_a_form_and_shown_again_is_text()
    {
        var usual = await TypedAsync(Harmless);
        foreach (var hostile in Hostile)
            Assert.Equal(usual, await TypedAsync(hostile));
    }

    private async Task<string> TypedAsync(string text)
    {
        var browser = portal.Browser();
        await browser.OpenAsync("/sign-up");
        await browser.SubmitAsync("Create account", ("Name", text), ("Email", text), ("Password", text));
        Assert.Equal(text, browser.ValueOf("Name"));
        return Shape(browser.Page);
    }

    private static async Task<string[]> ShapesAsync(Person person, string text)
    {
        var shapes = new List<string>();
        foreach (var address in Personal)
            shapes.Add(Shape(await ReadAsync(person.Http, address, text)));
        return [.. shapes];
    }

    private static async Task<IDocument> ReadAsync(HttpClient http, string address, string text)
    {
        var response = await http.GetAsync(string.Format(null, address, Uri.EscapeDataString(text)));
        return Parser.ParseDocument(await response.Content.ReadAsStringAsync());
    }

    /// <summary>Every element with the names of its attributes, in their order.</summary>
    private static string Shape(IDocument page) => string.Join('\n', page.All.Select(element =>
        $"{element.LocalName} {string.Join(' ', element.Attributes.Select(a => a.Name).Order())}"));
}
