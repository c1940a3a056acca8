using AuthPortal.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Interop;

[Trait("Category", "Interop")]
public sealed class BetterAuthClientTests(ITestOutputHelper output)
{
    [Fact]
    public Task The_client_that_Better_Auth_ships_works_with_cookies_and_with_bearer_tokens() =>
        DriveAsync("better-auth.mjs");

    [Fact]
    public Task Its_two_factor_client_enrols_signs_in_trusts_a_device_recovers_and_turns_off() =>
        DriveAsync("two-factor.mjs");

    private async Task DriveAsync(string script)
    {
        var database = await TestServer.CreateDatabaseAsync();
        await using (var portal = await PortalProcess.StartAndWaitAsync(database))
            output.WriteLine(await Tools.RunAsync("node", script, portal.Url));
        await TestServer.DropDatabaseAsync(database);
    }
}
