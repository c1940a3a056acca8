using AuthPortal.Database;
using AuthPortal.Web;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace AuthPortal;

/// <summary>
/// Why the portal can't start, in a sentence that says what to set. Anything else is a bug, and shows its trace.
/// </summary>
internal static class StartFailure
{
    private static volatile bool _serves;

    /// <summary>
    /// Until the portal serves, a failure is told by <c>Program</c> alone, not also logged with its trace.
    /// </summary>
    public static void TellStartFailuresOnce(this WebApplicationBuilder builder)
    {
        string[] tellers = ["Microsoft.Extensions.Hosting.Internal.Host", "Microsoft.AspNetCore.Server.Kestrel"];
        foreach (var teller in tellers)
            builder.Logging.AddFilter(teller, level => level >= (_serves ? LogLevel.Information : LogLevel.None));
    }

    /// <summary>Judges every setting before anything is contacted or changed.</summary>
    /// <exception cref="OptionsValidationException">Something is configured wrongly.</exception>
    public static void CheckSettings(this WebApplication app)
    {
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        var address = app.Services.GetRequiredService<IOptions<PortalOptions>>().Value.PublicUrl;
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            _serves = true;
            app.Logger.LogServing(address);
        });
    }

    /// <returns>Null where the failure is not the operator's to mend.</returns>
    public static string? Explain(Exception failure) => failure switch
    {
        OptionsValidationException wrong => string.Join(" ", wrong.Failures),
        DatabaseUnavailableException unreachable => unreachable.Message,
        IOException { InnerException: AddressInUseException } =>
            "its port is in use. Stop what uses it, or choose another with PORT, such as: make run PORT=5090 "
            + $"(a development portal listens on {PortalOptionsSetup.DevelopmentPort} when PORT is not set).",
        // The binder names the setting and the value it can't read.
        InvalidOperationException { InnerException: FormatException or ArgumentException } unreadable
            when unreadable.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal) =>
            unreadable.Message,
        AggregateException several when several.InnerExceptions.All(each => Explain(each) is not null) =>
            string.Join(" ", several.InnerExceptions.Select(Explain)),
        _ => null,
    };
}

internal static partial class StartLog
{
    [LoggerMessage(LogLevel.Information, "AuthPortal is at {Address}")]
    public static partial void LogServing(this ILogger log, string address);
}
