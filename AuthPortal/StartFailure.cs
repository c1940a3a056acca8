using AuthPortal.Database;
using AuthPortal.Web;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace AuthPortal;

/// <summary>Why the portal can't start, in a sentence that says what to set; anything else is a bug and shows its trace.</summary>
internal static class StartFailure
{
    /// <summary>Judges every setting before anything is contacted or changed.</summary>
    /// <exception cref="OptionsValidationException">Something is configured wrongly.</exception>
    public static void CheckSettings(this WebApplication app) =>
        app.Services.GetRequiredService<IStartupValidator>().Validate();

    /// <returns>Null where the failure is not the operator's to mend.</returns>
    public static string? Explain(Exception failure) => failure switch
    {
        OptionsValidationException wrong => string.Join(" ", wrong.Failures),
        DatabaseUnavailableException unreachable => unreachable.Message,
        IOException { InnerException: AddressInUseException } =>
            "its port is in use. Stop what uses it, or choose another with PORT, such as: make run PORT=5090 "
            + $"(a development portal listens on {PortalOptionsSetup.DevelopmentPort} when PORT is not set).",
        AggregateException { InnerExceptions: [var only] } => Explain(only),
        _ => null,
    };
}
