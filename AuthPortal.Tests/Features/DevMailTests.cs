using System.Net;
using AuthPortal.Mail;
using AuthPortal.Tests.Support;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>A developer without a mail server reads the mail on a page, and nobody else ever does.</summary>
public sealed class DevMailTests(Portal portal) : IClassFixture<Portal>
{
    [Fact]
    public async Task In_development_kept_mail_is_listed_newest_first_and_its_link_leads_on()
    {
        await using var development = Development();
        await development.ExecuteAsync("delete from outbox");
        await development.WriteAsync("first@example.com");
        await development.WriteAsync(
            "ada@example.com",
            "Ада <b>",
            new Letter("Come back", ["Hello."], new LetterLink("Sign in", "http://localhost:5080/sign-in"), ["Bye."]));

        var browser = development.Browser();
        await browser.OpenAsync("/dev/mail");
        Assert.Equal(
            ["Come back", "Confirm your address"], browser.Page.QuerySelectorAll("td a").Select(a => a.TextContent));

        await browser.FollowAsync("Come back");
        Assert.Equal("Come back", browser.Heading);
        Assert.Contains("Ада <b> <ada@example.com>", browser.Text, StringComparison.Ordinal);
        Assert.Contains("Hello. Sign in: http://localhost:5080/sign-in Bye.", browser.Text, StringComparison.Ordinal);
        var link = browser.Page.QuerySelector("main p a")!;
        Assert.Equal("http://localhost:5080/sign-in", link.GetAttribute("href"));

        await browser.OpenAsync($"/dev/mail/{Guid.NewGuid()}");
        Assert.Equal(HttpStatusCode.NotFound, browser.Status);
    }

    [Fact]
    public async Task In_production_there_is_no_such_page_even_for_a_signed_in_person()
    {
        var person = await portal.NewPersonAsync();
        await portal.WriteAsync(person.Email);
        var id = await portal.ScalarAsync<Guid>("select id from outbox limit 1");

        foreach (var path in (string[])["/dev/mail", $"/dev/mail/{id}", "/DevMail/DevMail", "/Dev/Mail/"])
            Assert.Equal(HttpStatusCode.NotFound, (await person.Http.GetAsync(path)).StatusCode);
    }

    [Theory]
    [InlineData("192.0.2.7", false, StatusCodes.Status404NotFound)]
    [InlineData("127.0.0.1", false, StatusCodes.Status200OK)]
    [InlineData("192.0.2.7", true, StatusCodes.Status200OK)]
    public async Task Whoever_is_not_at_this_machine_sees_no_mail_whatever_name_they_send(
        string peer, bool isAllowed, int expected)
    {
        await using var development = Development(new()
        {
            ["Portal:PublicUrl"] = "http://localhost:5080",
            ["Portal:AllowPublicDevelopment"] = isAllowed ? "true" : "false",
        });
        development.Stranger().Dispose(); // it starts the portal

        var answer = await development.Server.SendAsync(context =>
        {
            context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
            context.Request.Path = "/dev/mail";
            context.Request.Host = new HostString("localhost", 5080);
        });

        Assert.Equal(expected, answer.Response.StatusCode);
    }

    [Theory]
    [InlineData("attacker.example", HttpStatusCode.NotFound)]
    [InlineData("localhost.attacker.example:5080", HttpStatusCode.NotFound)]
    [InlineData("127.0.0.1:5080", HttpStatusCode.OK)]
    [InlineData("[::1]", HttpStatusCode.OK)]
    public async Task A_foreign_name_for_this_machine_shows_no_mail(string host, HttpStatusCode expected)
    {
        await using var development = Development();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/dev/mail");
        request.Headers.Host = host;

        Assert.Equal(expected, (await development.Stranger().SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task In_development_with_a_mail_server_mail_is_really_sent()
    {
        await portal.ExecuteAsync("delete from outbox"); // what the other tests wrote would be sent too
        await using var sink = SmtpSink.Start();
        await using var development = Development(sink.Settings());
        await development.WriteAsync("real@example.com");

        Assert.Single(await sink.WaitForAsync(1));
    }

    private Portal Development(Dictionary<string, string?>? settings = null) => portal.Sibling(other =>
    {
        other.Environment = "Development";
        foreach (var (key, value) in settings ?? [])
            other.Settings[key] = value;
    });
}
