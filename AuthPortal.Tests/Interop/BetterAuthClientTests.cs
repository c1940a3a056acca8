using AuthPortal.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Interop;

[Trait("Category", "Interop")]
public sealed class BetterAuthClientTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_client_that_Better_Auth_ships_works_with_cookies_and_with_bearer_tokens()
    {
        var database = await TestServer.CreateDatabaseAsync();
        await using (var portal = await PortalProcess.StartAndWaitAsync(database))
            output.WriteLine(await Tools.RunAsync("node", "better-auth.mjs", portal.Url));
        await TestServer.DropDatabaseAsync(database);
    }
}
