using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace AuthPortal.Web.OpenApi;

/// <summary>
/// The document as the bytes that are served. It is made at the first request, since no start should wait for it, and
/// once: nothing that it says changes while the portal runs.
/// </summary>
internal sealed class PublishedDocument([FromKeyedServices(PublishedDocument.Name)] IOpenApiDocumentProvider provider)
{
    public const string Name = "v1";

    private readonly Lazy<Task<Made>> _made = new(() => MakeAsync(provider));

    private sealed record Made(byte[] Json, EntityTagHeaderValue ETag);

    public async Task<FileContentHttpResult> GetAsync(HttpResponse response)
    {
        var made = await _made.Value;
        response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Bytes(made.Json, "application/json", entityTag: made.ETag);
    }

    private static async Task<Made> MakeAsync(IOpenApiDocumentProvider provider)
    {
        var document = await provider.GetOpenApiDocumentAsync();
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        document.SerializeAsV31(new OpenApiJsonWriter(text, new OpenApiJsonWriterSettings { Terse = true }));
        var json = Encoding.UTF8.GetBytes(text.ToString());
        var hash = Convert.ToHexStringLower(SHA256.HashData(json));
        return new Made(json, new EntityTagHeaderValue($"\"{hash}\""));
    }
}
