using System.Text.RegularExpressions;
using AuthPortal.Database;
using AuthPortal.Keys;
using AuthPortal.Web;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace AuthPortal;

/// <summary>
/// Why the portal can't start, in a sentence that says what to set. Anything else is a bug, and shows its trace.
/// </summary>
internal static partial class StartFailure
{
    public const string QuotedSecret =
        "a secret begins and ends with a quote, which is part of it. If quotes were only meant to hold it together, an "
        + "instance that is started in another way has another secret: take them off everywhere";

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
        SettingCheck.Run(app.Services);
        var keys = app.Services.GetRequiredService<IOptions<KeyOptions>>().Value;
        if (SecretList.Read(keys.Secret, keys.Secrets).IsQuoted)
            app.Logger.LogQuotedSecret(QuotedSecret);
        var address = app.Services.GetRequiredService<IOptions<PortalOptions>>().Value.PublicUrl;
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            _serves = true;
            app.Logger.LogServing(address);
        });
    }

    /// <summary>
    /// Serves until the portal is told to stop. Where it can't begin, what has begun is stopped first: else a
    /// background service would go on among services that are gone, and complain of that.
    /// </summary>
    public static async Task ServeAsync(this WebApplication app)
    {
        await using (app)
        {
            try
            {
                await app.StartAsync();
            }
            catch
            {
                await app.StopAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }

            await app.WaitForShutdownAsync();
        }
    }

    /// <returns>Null where the failure is not the operator's to mend.</returns>
    public static string? Explain(Exception failure) => failure switch
    {
        OptionsValidationException wrong => string.Join(" ", wrong.Failures),
        DatabaseUnavailableException unreachable => unreachable.Message,
        IOException { InnerException: AddressInUseException } busy =>
            $"{busy.Message.TrimEnd('.')}. Stop what uses that port, or choose another with PORT, such as PORT=5090.",
        FormatException { Message: var words } when words.StartsWith("Invalid url", StringComparison.Ordinal) =>
            $"{words} in ASPNETCORE_URLS: write http://localhost:5080, or set PORT=5080 instead.",
        InvalidOperationException unreadable => Unreadable().Match(unreadable.Message) is { Success: true } match
            ? $"{match.Groups[2].Value.Replace(":", "__", StringComparison.Ordinal)} is \"{match.Groups[1].Value}\": "
                + $"it must be {Expected(match.Groups[3].Value)}."
            : null,
        AggregateException several when several.InnerExceptions.All(each => Explain(each) is not null) =>
            string.Join(" ", several.InnerExceptions.Select(Explain)),
        _ => null,
    };

    private static string Expected(string type) => type switch
    {
        "System.TimeSpan" => "a time, such as 00:15:00 or 7.00:00:00",
        "System.Boolean" => "true or false",
        "System.Int32" => "a whole number",
        _ when Type.GetType(type) is { IsEnum: true } choice => string.Join(" or ", Enum.GetNames(choice)),
        _ => $"of type {type}",
    };

    /// <summary>What the configuration binder says of a value it can't read.</summary>
    [GeneratedRegex(
        "^Failed to convert configuration value '(.*)' at '(.*)' to type '(.*)'", RegexOptions.NonBacktracking)]
    private static partial Regex Unreadable();
}

internal static partial class StartLog
{
    [LoggerMessage(LogLevel.Information, "AuthPortal is at {Address}")]
    public static partial void LogServing(this ILogger log, string address);

    [LoggerMessage(LogLevel.Warning, "BETTER_AUTH_SECRET: {Words}")]
    public static partial void LogQuotedSecret(this ILogger log, string words);
}
