using AuthPortal.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Interop;

[Trait("Category", "Interop")]
public sealed class OpenApiDocumentTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_document_of_the_API_is_valid_OpenAPI()
    {
        var database = await TestServer.CreateDatabaseAsync();
        await using (var portal = await PortalProcess.StartAndWaitAsync(database))
            output.WriteLine(await Tools.RunAsync("node", "openapi.mjs", portal.Url));
        await TestServer.DropDatabaseAsync(database);
    }
}
