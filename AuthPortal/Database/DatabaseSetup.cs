using AuthPortal.Database.Development;
using Microsoft.Extensions.Options;

namespace AuthPortal.Database;

internal static class DatabaseSetup
{
    private const string Section = "Database";

    /// <summary>All that talks to PostgreSQL; nobody does before <see cref="MigrateDatabaseAsync"/>.</summary>
    public static void AddDatabase(this WebApplicationBuilder builder)
    {
        DapperTypes.Register();
        // Npgsql announces every statement at Information: a line per visit, and nothing to act on.
        builder.Logging.AddFilter("Npgsql", LogLevel.Warning);
        var services = builder.Services;
        services.AddSingleton(builder.FindDataFolder());
        services.AddSettings<DatabaseOptions>(Section, nameof(DatabaseOptions.ConnectTimeout))
            .Configure<IConfiguration>(Read);
        services.AddSingleton(new SettingSection("Data", typeof(DataFolder), "Folder"));
        services.AddSingleton(provider =>
            Configured(provider.GetRequiredService<IConfiguration>())
            ?? (builder.Environment.IsDevelopment()
                ? provider.GetRequiredService<DevelopmentPostgres>().Address
                : throw Wrong("No database is configured: set ConnectionStrings__Portal or DATABASE_URL.")));
        services.AddSingleton(provider =>
            provider.GetRequiredService<DatabaseAddress>().Open(provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<Pulse>();
        services.AddScoped<Db>();
        services.AddSingleton(provider => new Migrator(
            provider.GetRequiredService<DatabaseAddress>(),
            provider.GetRequiredService<IOptions<DatabaseOptions>>().Value,
            provider.GetRequiredService<ILogger<Migrator>>()));
        services.AddHealthChecks().AddCheck<DatabaseHealth>("database", tags: ["ready"]);

        services.AddSingleton(provider => new DevelopmentPostgres(
            provider.GetRequiredService<DataFolder>(),
            PostgresBinaries.Find(builder.Environment.ContentRootPath),
            ServerAccount.ForThisProcess(),
            provider.GetRequiredService<ILogger<DevelopmentPostgres>>()));
    }

    /// <summary>Brings up the development server where one is needed, then the tables.</summary>
    /// <exception cref="OptionsValidationException">Something is configured wrongly.</exception>
    /// <exception cref="DatabaseUnavailableException">PostgreSQL did not answer in time.</exception>
    public static async Task MigrateDatabaseAsync(this WebApplication app, CancellationToken ct = default)
    {
        await app.Services.JoinDevelopmentServerAsync(ct);
        await app.Services.GetRequiredService<Migrator>().MigrateAsync(ct);
    }

    /// <summary>Where a database is configured, or must be, this does nothing.</summary>
    /// <exception cref="OptionsValidationException">Something is configured wrongly.</exception>
    /// <exception cref="DatabaseUnavailableException">The server did not start.</exception>
    public static async Task JoinDevelopmentServerAsync(this IServiceProvider services, CancellationToken ct)
    {
        var isDevelopment = services.GetRequiredService<IHostEnvironment>().IsDevelopment();
        if (!isDevelopment || Configured(services.GetRequiredService<IConfiguration>()) is not null)
            return;
        try
        {
            await services.GetRequiredService<DevelopmentPostgres>().JoinAsync(ct);
        }
        catch (UnauthorizedAccessException e)
        {
            var folder = services.GetRequiredService<DataFolder>().Path;
            throw Wrong($"{folder} belongs to another user ({e.Message.TrimEnd('.')}): "
                + "did the portal run as root before? Change its owner, delete it, or set Data__Folder.");
        }
    }

    /// <summary><c>Data:Folder</c>, else <c>.data</c> beside the solution, else in the content root.</summary>
    public static DataFolder FindDataFolder(this WebApplicationBuilder builder)
    {
        var root = builder.Environment.ContentRootPath;
        if (builder.Configuration["Data:Folder"] is { Length: > 0 } chosen)
            return new DataFolder(Path.Combine(root, chosen));
        var above = Path.Combine(root, "..");
        return new DataFolder(Path.Combine(Directory.EnumerateFiles(above, "*.sln").Any() ? above : root, ".data"));
    }

    private static DatabaseAddress? Configured(IConfiguration configuration) =>
        configuration.GetConnectionString("Portal") is { } text && !string.IsNullOrWhiteSpace(text)
            ? DatabaseAddress.Parse(text, "ConnectionStrings__Portal")
            : configuration["DATABASE_URL"] is { } url && !string.IsNullOrWhiteSpace(url)
                ? DatabaseAddress.Parse(url, "DATABASE_URL")
                : null;

    private static void Read(DatabaseOptions options, IConfiguration configuration)
    {
        if (configuration[$"{Section}:{nameof(DatabaseOptions.ConnectTimeout)}"] is not { Length: > 0 } text)
            return;
        if (!DatabaseOptions.TryReadTime(text, out var time) || time <= TimeSpan.Zero || time > TimeSpan.FromHours(1))
        {
            throw Wrong($"Database__ConnectTimeout is \"{text}\": it must be a time up to an hour, "
                + "such as 15 (seconds) or 00:00:15.");
        }

        options.ConnectTimeout = time;
    }

    private static OptionsValidationException Wrong(string sentence) =>
        new(Section, typeof(DatabaseOptions), [sentence]);
}
