using System.Net;
using AuthPortal.Keys;
using AuthPortal.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Interop;

/// <summary>A portal that signs with a secret which a FastAPI service shares, as such services often come.</summary>
[Trait("Category", "Interop")]
public sealed class SharedSecretTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Shared = "vT3nQ8wLz5RkXy1JpMb7HsUd4FgCa9Ee";

    private string _database = "";
    private PortalProcess _portal = null!;
    private Service _service = null!;

    public async Task InitializeAsync()
    {
        _database = await TestServer.CreateDatabaseAsync();
        _portal = await PortalProcess.StartAndWaitAsync(_database, new()
        {
            ["Keys__Algorithm"] = "HS256",
            ["Tokens__SharedSecret"] = Shared,
        });
        _service = await Service.StartAsync(Service.FastApi, _portal.Url, ("AUTHPORTAL_SHARED_SECRET", Shared));
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _portal.DisposeAsync();
        await TestServer.DropDatabaseAsync(_database);
    }

    [Fact]
    public async Task A_service_that_shares_the_secret_knows_who_is_asking_and_hears_of_an_end()
    {
        var (ada, ben) = (await Caller.SignUpAsync(_portal), await Caller.SignUpAsync(_portal));
        Assert.Equal(HttpStatusCode.OK, await _service.NotesAsync(ada.Id, ada.AccessToken));
        Assert.Equal(HttpStatusCode.NotFound, await _service.NotesAsync(ben.Id, ada.AccessToken));
        Assert.Equal(HttpStatusCode.Unauthorized, await _service.NotesAsync(ada.Id, token: null));

        await ada.PostAsync(_portal, "/api/auth/sign-out");

        var heard = await Wait.UntilAsync(
            async () => await _service.NotesAsync(ada.Id, ada.AccessToken) == HttpStatusCode.Unauthorized);
        output.WriteLine($"FastAPI refused {heard.TotalSeconds:0.00} s after the sign-out");
        Assert.InRange(heard, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.OK, await _service.NotesAsync(ben.Id, ben.AccessToken));
    }

    [Fact]
    public async Task It_refuses_every_forgery_and_every_other_kind_of_ours()
    {
        var ada = await Caller.SignUpAsync(_portal);
        var keys = new KeyOptions { Algorithm = "HS256", SharedSecret = Shared, Secret = Portal.Secret };
        using var forgeries = new Forgeries(_portal.Url, keys, ada.Id);
        using var pairs = new Forgeries(_portal.Url, new KeyOptions { Secret = Portal.Secret }, ada.Id);
        using var http = _portal.Client();
        var refused = forgeries.All().Concat(pairs.WithPublicKeyAsSecret()).ToDictionary();
        refused["signed ES256, as it would be without a shared secret"] = pairs.Faithful;
        refused["a refresh token"] = ada.RefreshToken;
        refused["the revocation list"] = await http.GetStringAsync("/.well-known/revocations");

        Assert.Equal(HttpStatusCode.OK, await _service.NotesAsync(ada.Id, forgeries.Faithful));
        foreach (var (name, token) in refused)
            Assert.Equal((name, HttpStatusCode.Unauthorized), (name, await _service.NotesAsync(ada.Id, token)));
        output.WriteLine($"FastAPI refused: {string.Join("; ", refused.Keys)}");
    }
}
