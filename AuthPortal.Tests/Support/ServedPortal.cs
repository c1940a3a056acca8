using Xunit;

namespace AuthPortal.Tests.Support;

/// <summary>
/// A portal that Kestrel serves over HTTP on a loopback port, for real browsers and for what only a real server shows.
/// It runs within this process, where it starts in a tenth of the time that a process of its own takes.
/// </summary>
public class ServedPortal : Portal
{
    private readonly LoopbackPort _port = LoopbackPort.Take();

    public ServedPortal()
    {
        Settings["Portal:PublicUrl"] = Address;
        UseKestrel(kestrel => kestrel.ListenLocalhost(_port.Number));
    }

    /// <inheritdoc/>
    public override string Address => _port.Url;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        StartServer();
    }

    /// <summary>The factory's own clients of a real server would follow redirects and keep cookies by themselves.</summary>
    private protected override HttpClient Connect(Uri address, DelegatingHandler[] handlers)
    {
        HttpMessageHandler chain = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        foreach (var handler in handlers.Reverse())
        {
            handler.InnerHandler = chain;
            chain = handler;
        }

        return new HttpClient(chain) { BaseAddress = address };
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _port.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>A served portal with one user, who holds an access token.</summary>
public sealed class ServedPortalOfAda : ServedPortal
{
    /// <summary>The xunit collection of the classes that share one.</summary>
    public const string Run = "A served portal";

    internal Person Ada { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Ada = await this.NewPersonAsync();
    }
}

/// <summary>The classes that share a served portal.</summary>
[CollectionDefinition(ServedPortalOfAda.Run)]
public sealed class ServedRun : ICollectionFixture<ServedPortalOfAda>;
