using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>One person who is signed in, and a portal that trusts two other origins.</summary>
public sealed class TrustingPortal : Portal
{
    private Task<Person>? _person;

    public TrustingPortal()
    {
        Settings["Portal:TrustedOrigins:0"] = "https://app.example.com";
        Settings["Portal:TrustedOrigins:1"] = "https://dev.example.com:8443";
    }

    /// <summary>That person's, as a header has it.</summary>
    internal async Task<string> CookieAsync() =>
        $"{new SessionCookies((await (_person ??= this.NewPersonAsync())).AccessToken, null)}";

    /// <summary>Where the sign-in page sends somebody who is signed in already: the judge is the same, and hashes nothing.</summary>
    public async Task<string?> GoesToAsync(string returnUrl)
    {
        var person = await (_person ??= this.NewPersonAsync());
        var response = await person.Http.GetAsync($"/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}");
        return response.Header("Location");
    }
}

public sealed class ReturnUrlTests(TrustingPortal portal) : IClassFixture<TrustingPortal>
{
    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://evil.example/account")]
    [InlineData("HTTPS://EVIL.EXAMPLE")]
    [InlineData("//evil.example")]
    [InlineData("///evil.example")]
    [InlineData("////evil.example")]
    [InlineData("//evil.example%2f..")]
    [InlineData("//evil.example/%2e%2e")]
    [InlineData("/\\evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("\\/evil.example")]
    [InlineData("/\\/evil.example")]
    [InlineData("/account\\..\\evil")]
    [InlineData("/\t/evil.example")]
    [InlineData("/\n/evil.example")]
    [InlineData("/\r/evil.example")]
    [InlineData("\t//evil.example")]
    [InlineData(" //evil.example")]
    [InlineData(" https://evil.example")]
    [InlineData("\u0000//evil.example")]
    [InlineData("/\u0000/evil.example")]
    [InlineData("/account\r\nSet-Cookie: a=b")]
    [InlineData("/\u0085/evil.example")]
    [InlineData("https:evil.example")]
    [InlineData("https:/evil.example")]
    [InlineData("https:\\\\evil.example")]
    [InlineData("http:account")]
    [InlineData("~//evil.example")]
    [InlineData("~/account")]
    [InlineData("evil.example")]
    [InlineData("account")]
    [InlineData("?next=/account")]
    [InlineData("javascript:alert(1)")]
    [InlineData("JaVaScRiPt:alert(1)//https://app.example.com")]
    [InlineData("data:text/html,hello")]
    [InlineData("vbscript:x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("blob:https://app.example.com/1")]
    [InlineData("view-source:https://app.example.com")]
    [InlineData("https://portal.test@evil.example/")]
    [InlineData("https://xn--a-\u00df.example/")] // no host: reading it must not fail
    [InlineData("https://portal.test:443@evil.example/")]
    [InlineData("https://evil.example#https://portal.test/")]
    [InlineData("https://evil.example?https://portal.test/")]
    [InlineData("https://portal.test.evil.example/")]
    [InlineData("https://portal.test\\@evil.example/")]
    [InlineData("https://pоrtal.test/")] // a Cyrillic o
    [InlineData("https://portal。test.evil.example/")]
    [InlineData("https://portal.test:8443/")]
    [InlineData("http://portal.test/")]
    [InlineData("ftp://portal.test/")]
    [InlineData("https:///evil.example")]
    [InlineData("http://[::1]/")]
    [InlineData("")]
    [InlineData(" ")]
    public async Task What_leads_away_leads_to_the_account(string returnUrl) =>
        Assert.Equal("/account", await portal.GoesToAsync(returnUrl));

    [Theory]
    [InlineData("https://app.example.com.evil.example/")]
    [InlineData("https://app.example.community/")]
    [InlineData("https://evil-app.example.com/")]
    [InlineData("https://app.example.com:8443/")]
    [InlineData("https://dev.example.com/")]
    [InlineData("http://app.example.com/")]
    [InlineData("https://app.example.com@evil.example/")]
    [InlineData("https://user:word@app.example.com/")]
    [InlineData("https://app.example.com\\.evil.example/")]
    [InlineData("https://app.example.com%2eevil.example/")]
    [InlineData("https://app.example.com。evil.example/")]
    [InlineData("https://аpp.example.com/")] // a Cyrillic a
    [InlineData("https://app.example.com./")]
    [InlineData("//app.example.com/")]
    public async Task What_only_looks_like_a_trusted_origin_leads_to_the_account(string returnUrl) =>
        Assert.Equal("/account", await portal.GoesToAsync(returnUrl));

    [Theory]
    [InlineData("https://app.example.com", "https://app.example.com/")]
    [InlineData("https://app.example.com/inbox?page=2#top", "https://app.example.com/inbox?page=2#top")]
    [InlineData("https://APP.example.com:443/", "https://app.example.com/")]
    [InlineData("https://@app.example.com/größe", "https://app.example.com/gr%C3%B6%C3%9Fe")]
    [InlineData("https://dev.example.com:8443/x", "https://dev.example.com:8443/x")]
    [InlineData("https://portal.test/developers", "https://portal.test/developers")]
    public async Task A_trusted_origin_is_gone_to(string returnUrl, string goesTo) =>
        Assert.Equal(goesTo, await portal.GoesToAsync(returnUrl));

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/developers?tab=node&x=%2F#verify", "/developers?tab=node&x=%2F#verify")]
    [InlineData("/account?next=https://evil.example", "/account?next=https://evil.example")]
    [InlineData("/%2F%2Fevil.example", "/%2F%2Fevil.example")]
    [InlineData("/search?q=größer 東京", "/search?q=gr%C3%B6%C3%9Fer%20%E6%9D%B1%E4%BA%AC")]
    public async Task A_path_of_ours_is_gone_to_written_as_a_header_can_hold_it(string returnUrl, string goesTo) =>
        Assert.Equal(goesTo, await portal.GoesToAsync(returnUrl));

    [Fact]
    public async Task An_address_too_long_to_be_one_leads_to_the_account() =>
        Assert.Equal("/account", await portal.GoesToAsync("/" + new string('a', 3000)));

    [Fact]
    public async Task What_holds_for_those_who_are_signed_in_holds_for_signing_in()
    {
        foreach (var (returnUrl, goesTo) in (IEnumerable<(string, string)>)
            [("//evil.example", "/account"), ("https://app.example.com/", "https://app.example.com/"), ("/?a=1", "/?a=1")])
        {
            var person = await portal.NewPersonAsync();
            var browser = new PlainBrowser(portal.Program());
            await browser.OpenAsync($"/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}");
            await browser.SignInAsync(person.Email);
            Assert.Equal(goesTo, browser.Response.Header("Location"));
        }
    }
}
