using System.Net;
using System.Text.Json.Nodes;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>PostgreSQL goes away between a passkey's challenge and the answer to it.</summary>
[Collection(OutageServer.Run)]
public sealed class PasskeyOutageTests(OutageServer outages)
{
    [Fact]
    public async Task Without_its_database_the_portal_says_so_and_calls_no_passkey_wrong()
    {
        var server = outages.Server;
        await using var portal = new Portal { Database = await outages.NewDatabaseAsync() };
        portal.Settings["Database:ConnectTimeout"] = "2";
        var (ada, authenticator, http) = (await portal.NewPersonAsync(), new SoftwareAuthenticator(), portal.Program());
        (await ada.Http.RegisterAsync(authenticator)).EnsureSuccessStatusCode();
        var (page, signUp) = (portal.Browser(), portal.Browser());
        await page.OpenAsync("/sign-in");
        await signUp.OpenAsync("/sign-up");
        signUp.Put("attestation", new SoftwareAuthenticator().Create((await signUp.SignUpOptionsAsync(Api.NewEmail()))!));
        var assertion = authenticator.Get(await http.OptionsAsync("authenticate"));
        var attestation = new SoftwareAuthenticator().Create(await ada.Http.OptionsAsync("register"));
        await server.StopAsync();

        var answers = await Task.WhenAll(
            http.PasskeyAsync("verify-authentication", new JsonObject { ["response"] = assertion }),
            ada.Http.PasskeyAsync("verify-registration", new JsonObject { ["response"] = attestation }));
        await Task.WhenAll(
            page.ProveAsync("Sign in with a passkey", authenticator), signUp.SubmitAsync(PasskeyPages.SignUpButton));

        foreach (var answer in answers)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal("DATABASE_UNAVAILABLE", await answer.TextAsync("code"));
            Assert.NotNull(answer.Header("Retry-After"));
        }

        foreach (var browser in (PlainBrowser[])[page, signUp])
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, browser.Status);
            Assert.Equal("Back in a moment", browser.Heading);
        }

        await server.ContinueAsync();
        Assert.Equal(HttpStatusCode.OK, (await portal.Program().SignInByPasskeyAsync(authenticator)).StatusCode);
    }
}
