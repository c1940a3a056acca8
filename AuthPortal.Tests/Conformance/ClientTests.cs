using System.Net;
using System.Text;
using AuthPortal.Tests.Interop;
using AuthPortal.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Conformance;

/// <summary>Every method of the client that Better Auth ships, and its session store, against a running portal.</summary>
[Trait("Category", "Conformance")]
public sealed class ClientTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_method_of_the_client_and_its_session_store_work()
    {
        var database = await TestServer.CreateDatabaseAsync();
        var settings = new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development", // where mail is kept and not sent
            ["Accounts__RequireVerifiedEmail"] = "false",
        };
        await using (var portal = await PortalProcess.StartAndWaitAsync(database, settings))
        {
            using var post = new PostOffice(new Mailbox(database));
            output.WriteLine(await Tools.RunAsync("node", "every-method.mjs", portal.Url, post.Url));
        }

        await TestServer.DropDatabaseAsync(database);
    }

    /// <summary>Hands the mailbox to a script.</summary>
    private sealed class PostOffice : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Mailbox _mail;

        public PostOffice(Mailbox mail)
        {
            _mail = mail;
            Url = $"http://localhost:{LoopbackPort.TakeForGood()}/";
            _listener.Prefixes.Add(Url);
            _listener.Start();
            _ = ServeAsync();
        }

        public string Url { get; }

        public void Dispose() => _listener.Close();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    var query = context.Request.QueryString;
                    var token = await _mail.TokenAsync(query["kind"]!, query["to"]!);
                    context.Response.StatusCode = token is null ? 404 : 200;
                    context.Response.Close(Encoding.ASCII.GetBytes(token ?? ""), willBlock: false);
                }
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // closed
            }
        }
    }
}
