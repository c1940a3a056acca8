using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Web;

/// <summary>What the portal prints, as its own process does.</summary>
public sealed class LogTests(MailedPortal mailed) : IClassFixture<MailedPortal>
{
    [Fact]
    public async Task No_mailed_link_is_printed_even_where_every_request_is_logged()
    {
        await using var portal = await PortalProcess.StartAndWaitAsync(mailed.Database, new()
        {
            ["Logging__LogLevel__Default"] = "Debug",
            ["Logging__LogLevel__Microsoft.AspNetCore"] = "Information",
            ["Mail__Host"] = "127.0.0.1",
            ["Mail__Port"] = "1",
            ["Mail__From"] = "portal@example.com",
        });
        mailed.Stranger().Dispose(); // what reads the outbox here is set up by a portal in this process
        var (http, email) = (portal.Client(), Api.NewEmail());
        await http.SignUpAsync(email);
        var verify = (await mailed.MailToAsync(email))[^1].Link;
        await http.PostAsync("/api/auth/request-password-reset", new { email, redirectTo = "/reset-password" });
        var reset = (await mailed.MailToAsync(email))[^1].Link;

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(verify)).StatusCode);
        var handedOn = await http.GetAsync($"/api/auth{verify}");
        Assert.Equal(HttpStatusCode.Redirect, handedOn.StatusCode);
        handedOn = await http.GetAsync(reset);
        Assert.Contains("?token=", handedOn.Header("Location"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(handedOn.Headers.Location)).StatusCode);

        Assert.Contains("Microsoft.AspNetCore.", portal.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", portal.Said, StringComparison.Ordinal);
    }
}
