using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AuthPortal.Web.Brand;

internal static class BrandSetup
{
    public static void AddBrand(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<BrandOptions>(BrandOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<BrandOptions>, BrandOptionsValidator>();
        builder.Services.AddSingleton<BrandFiles>();
    }

    /// <summary>Only what there is: without a brand there are no such addresses.</summary>
    public static void MapBrand(this WebApplication app)
    {
        var files = app.Services.GetRequiredService<BrandFiles>();
        Map(app, files.Stylesheet);
        Map(app, files.Logo);
    }

    private static void Map(WebApplication app, BrandFile? file)
    {
        if (file is null)
            return;
        app.MapMethods(file.Path, [HttpMethods.Get, HttpMethods.Head], (HttpContext context) => Serve(file, context))
            .AllowAnonymous()
            .ExcludeFromDescription();
    }

    private static FileContentHttpResult Serve(BrandFile file, HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = context.Request.Query["v"] == file.Version
            ? "public, max-age=31536000, immutable"
            : "no-cache";
        var isPacked = file.Packed is not null && TakesGzip(context.Request);
        if (file.Packed is not null)
            headers.Vary = "Accept-Encoding";
        if (isPacked)
            headers.ContentEncoding = "gzip";
        return TypedResults.Bytes(
            isPacked ? file.Packed! : file.Content,
            file.Type,
            entityTag: new EntityTagHeaderValue($"\"{file.Version}{(isPacked ? "-gz" : "")}\""));
    }

    private static bool TakesGzip(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding.Any(coding => coding.Value == "gzip" && coding.Quality != 0);
}
