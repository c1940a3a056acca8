using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;

namespace AuthPortal.Web;

/// <summary>Marks a page that shows strangers what it shows everybody.</summary>
internal sealed class HoldsNoSecret;

/// <summary>
/// Only such a page travels compressed, only to strangers, and never with what they had typed. Its length would tell
/// whoever listens whether a guess that they had put into it stands elsewhere in it, too (BREACH): what is anybody's
/// goes as it is. A form's own token is written anew each time and can't be guessed at. The API's answers are short,
/// and files were compressed when they were published.
/// </summary>
internal sealed class PageCompression(IServiceProvider services, IOptions<ResponseCompressionOptions> options)
    : ResponseCompressionProvider(services, options)
{
    public override bool ShouldCompressResponse(HttpContext context) =>
        IsMarked(context)
        && HttpMethods.IsGet(context.Request.Method)
        && context.User.Identity is not { IsAuthenticated: true }
        && base.ShouldCompressResponse(context);

    /// <summary>Asked first, to spare all others, and at the answer, which may have become an error's page.</summary>
    public static bool IsMarked(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<HoldsNoSecret>() is not null;
}

internal static class PageCompressionSetup
{
    public static void AddPageCompression(this IServiceCollection services)
    {
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = ["text/html"];
        });
        services.AddSingleton<IResponseCompressionProvider, PageCompression>();
    }

    public static void UsePageCompression(this WebApplication app) =>
        app.UseWhen(PageCompression.IsMarked, page => page.UseResponseCompression());
}
