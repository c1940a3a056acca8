using System.Globalization;
using AuthPortal.Languages;
using AuthPortal.Passwords;
using Microsoft.Extensions.Options;

namespace AuthPortal;

/// <summary>What a process inherits from the machine that starts it, settled before anything reads it.</summary>
internal static class ProcessEnvironment
{
    // A build has this file, a published portal has not.
    private const string OfABuild = "AuthPortal.staticwebassets.runtime.json";

    /// <exception cref="OptionsValidationException">The machine lacks what the portal cannot do without.</exception>
    public static void Settle()
    {
        // Without it .NET knows no language, and normalises no password, without a word.
        if (!NormalizedPassword.CanNormalize)
        {
            throw new OptionsValidationException("ICU", typeof(CultureInfo), [
                "the portal needs ICU, the library of the world's writing. Install it (Debian: libicu, Alpine: "
                + "icu-libs and icu-data-full), and set DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=false."]);
        }

        // Outside a request it is English, whatever the machine's own language is; and dates are of no other calendar
        // than the log's readers expect.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = Language.English.Culture;
    }

    /// <summary>
    /// A published portal's pages and settings are beside it, wherever it is started from; a build's are beside its
    /// project, where <c>dotnet run</c> starts it.
    /// </summary>
    public static WebApplicationOptions Options(string[] args) => new()
    {
        Args = args,
        ContentRootPath = File.Exists(Path.Combine(AppContext.BaseDirectory, OfABuild))
            ? null
            : AppContext.BaseDirectory,
    };

    /// <summary>A file that is listed and not there would be answered with 200 and nothing in it.</summary>
    /// <exception cref="OptionsValidationException">One of the portal's own files is missing.</exception>
    public static void CheckFiles(this WebApplication app)
    {
        var missing =
            from endpoint in ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints)
            let asset = endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor>()
            where asset is not null && !app.Environment.WebRootFileProvider.GetFileInfo(asset.AssetPath).Exists
            select asset.AssetPath;
        if (missing.FirstOrDefault() is { } path)
        {
            throw new OptionsValidationException("files", typeof(WebApplication), [
                $"{path} is not in {app.Environment.WebRootPath ?? app.Environment.ContentRootPath}: "
                + "publish the portal again, and copy all of it."]);
        }
    }
}
