using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AuthPortal.Web.OpenApi;

/// <summary>Parts of the document that are told once and pointed at.</summary>
internal static class Components
{
    /// <summary>The framework points at the parts of schemas it makes for itself, not of one asked for.</summary>
    public static async Task<IOpenApiSchema> NamedSchemaAsync(
        this OpenApiOperationTransformerContext context, Type type, CancellationToken ct)
    {
        var schema = await context.GetOrCreateSchemaAsync(type, parameterDescription: null, ct);
        foreach (var (name, part) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
        {
            if (part is OpenApiSchema { Metadata: { } metadata }
                && metadata.TryGetValue("x-schema-id", out var id) && id is string { Length: > 0 } known)
            {
                schema.Properties![name] = new OpenApiSchemaReference(known, context.Document);
            }
        }

        context.Document!.AddComponent<IOpenApiSchema>(Schemas.NameOf(type), schema);
        return new OpenApiSchemaReference(Schemas.NameOf(type), context.Document);
    }

    public static IOpenApiHeader Describe(this OpenApiDocument document, AnswerHeader header)
    {
        document.AddComponent<IOpenApiHeader>(header.Name, new OpenApiHeader
        {
            Description = header.Description,
            Schema = new OpenApiSchema { Type = header.IsNumber ? JsonSchemaType.Integer : JsonSchemaType.String },
        });
        return new OpenApiHeaderReference(header.Name, document);
    }
}
