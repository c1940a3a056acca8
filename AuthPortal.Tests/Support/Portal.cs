using AuthPortal.Passwords;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Mvc.Testing.Handlers;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Xunit;

namespace AuthPortal.Tests.Support;

/// <summary>
/// The whole app over a database of its own, as in production: https, <c>__Host-</c> cookies, no developer's defaults.
/// One per test class.
/// </summary>
public class Portal : WebApplicationFactory<Program>, IAsyncLifetime
{
    public const string Url = "https://portal.test";
    public const string Secret = "nJ1mYw7rT4kQ9zXc2vB8sLhGfD5aPe3u";

    private readonly List<Portal> _siblings = [];
    private Portal? _first;
    private bool _ownsDatabase;
    private NpgsqlDataSource? _behind;

    /// <summary>
    /// The database's connection string; a sibling's is its first portal's. A test may give one that it drops itself.
    /// </summary>
    public string Database { get; set; } = "";

    /// <summary>Where its clients and browsers find it.</summary>
    public virtual string Address => Url;

    /// <summary>A test's own connections to the database, behind the portal's back.</summary>
    internal NpgsqlDataSource Behind =>
        _first?.Behind ?? LazyInitializer.EnsureInitialized(ref _behind, () => TestServer.Source(Database));

    /// <summary>Set before the first client: settings beside the usual ones.</summary>
    public Dictionary<string, string?> Settings { get; } = new()
    {
        ["Portal:PublicUrl"] = Url,
        ["BETTER_AUTH_SECRET"] = Secret,
        ["Accounts:RequireVerifiedEmail"] = "false",
        ["Shutdown:DrainFor"] = "00:00:00",
        ["Passwords:QueueLimit"] = "100",
        ["Throttling:ChangesByPerson:Burst"] = "100000", // of which some tests have one person do hundreds at once
        ["Throttling:ReadsByPerson:Burst"] = "100000",
        ["Throttling:HoldRefused"] = "00:00:00", // of which the tests see thousands
    };

    /// <summary>Set before the first client, where a test moves time.</summary>
    public TimeProvider? Clock { get; set; }

    public string Environment { get; set; } = Environments.Production;

    /// <summary>
    /// bcrypt's lowest, which no setting may choose: it is the same code, and tests wait for what they are about.
    /// What a password costs is tried by <c>PasswordHost</c>.
    /// </summary>
    private const int Cost = 4;

    /// <summary>Another instance on the same database.</summary>
    public Portal Sibling(Action<Portal>? change = null)
    {
        var sibling = new Portal { Database = Database, Clock = Clock, Environment = Environment, _first = this };
        foreach (var (key, value) in Settings)
            sibling.Settings[key] = value;
        change?.Invoke(sibling);
        _siblings.Add(sibling);
        return sibling;
    }

    /// <summary>A program: keeps cookies, follows nothing.</summary>
    public HttpClient Program() => CreateClient(new WebApplicationFactoryClientOptions
    {
        BaseAddress = new Uri(Address),
        AllowAutoRedirect = false,
    });

    /// <summary>A program that keeps nothing between calls.</summary>
    public HttpClient Stranger() => CreateClient(new WebApplicationFactoryClientOptions
    {
        BaseAddress = new Uri(Address),
        AllowAutoRedirect = false,
        HandleCookies = false,
    });

    /// <summary>A person at a browser.</summary>
    public PlainBrowser Browser() => new(FollowingClient());

    /// <summary>Keeps cookies and follows redirects.</summary>
    protected HttpClient FollowingClient() =>
        CreateClient(new WebApplicationFactoryClientOptions { BaseAddress = new Uri(Address) });

    /// <summary>In place of the factory's own: no client goes without a witness.</summary>
    public new HttpClient CreateClient(WebApplicationFactoryClientOptions options) => Connect(
        options.BaseAddress,
        [
            .. options.AllowAutoRedirect ? [new RedirectHandler()] : (DelegatingHandler[])[],
            .. options.HandleCookies ? [new CookieContainerHandler()] : (DelegatingHandler[])[],
            new ApiWitness(this),
            new TracedRequests(),
        ]);

    /// <summary>Makes a client that sends through these handlers, and does nothing besides.</summary>
    private protected virtual HttpClient Connect(Uri address, DelegatingHandler[] handlers) =>
        CreateDefaultClient(address, handlers);

    public virtual async Task InitializeAsync()
    {
        Database = await TestServer.CreateDatabaseAsync();
        _ownsDatabase = true;
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    /// <summary>Ends its siblings too, and drops the database that was made for it.</summary>
    public override async ValueTask DisposeAsync()
    {
        foreach (var sibling in _siblings)
            await sibling.DisposeAsync();
        await base.DisposeAsync();
        if (_behind is not null)
            await _behind.DisposeAsync();
        if (_ownsDatabase)
            await TestServer.DropDatabaseAsync(Database);
        GC.SuppressFinalize(this);
    }

    protected override IHost CreateHost(IHostBuilder builder)
    {
        using var cost = Costs.Of("hosts started");
        return base.CreateHost(builder);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(Environment);
        builder.UseSetting("ConnectionStrings:Portal", Database);
        if (Environment == Environments.Development) // its address is none of this machine's, and leads nowhere
            builder.UseSetting("Portal:AllowPublicDevelopment", "true");
        foreach (var (key, value) in Settings)
            builder.UseSetting(key, value);
        builder.ConfigureLogging(log => log.SetMinimumLevel(LogLevel.Warning));
        builder.ConfigureTestServices(services =>
        {
            if (Clock is not null)
                services.AddSingleton(Clock);
            services.RemoveAll<IValidateOptions<PasswordOptions>>();
            services.PostConfigure<PasswordOptions>(passwords => passwords.Cost = Cost);
        });
    }
}
