using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AuthPortal.Web.OpenApi;

/// <summary>Where the schemas that the framework reads off our types fall short of what is on the wire.</summary>
internal static class Schemas
{
    /// <summary>Better Auth's names: what we call <c>SessionView</c> is its <c>Session</c>.</summary>
    public static string NameOf(Type type) =>
        type.Name.EndsWith("View", StringComparison.Ordinal) ? type.Name[..^"View".Length] : type.Name;

    /// <returns>Null for what is written out wherever it is used.</returns>
    public static string? NameOf(JsonTypeInfo type) =>
        type.Type != typeof(JsonObject) && OpenApiOptions.CreateDefaultSchemaReferenceId(type) is not null
            ? NameOf(type.Type)
            : null;

    public static Task CorrectAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        var type = context.JsonTypeInfo.Type;
        if (type == typeof(JsonObject))
            schema.AdditionalProperties = new OpenApiSchema();
        if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(DateTimeOffset))
            schema.Type = (schema.Type ?? 0) | JsonSchemaType.String; // written by PortalJson, where it can't look

        if (schema.Required is not null)
            schema.Required = context.JsonTypeInfo.Properties.Where(IsAlwaysThere).Select(m => m.Name).ToHashSet();
        foreach (var attribute in AttributesOf(context.JsonPropertyInfo))
            Apply(schema, attribute);
        return Task.CompletedTask;
    }

    /// <summary>A request must hold what is [JsonRequired], whatever [Required] says; an answer holds all.</summary>
    private static bool IsAlwaysThere(JsonPropertyInfo member) =>
        AttributesOf(member).Any(a => a is JsonRequiredAttribute)
        || (member.AssociatedParameter is { HasDefaultValue: false }
            && !AttributesOf(member).Any(a => a is JsonIgnoreAttribute { Condition: not JsonIgnoreCondition.Never }));

    private static void Apply(OpenApiSchema schema, Attribute attribute)
    {
        switch (attribute)
        {
            case DataTypeAttribute { DataType: DataType.Password }:
                schema.Format = "password";
                break;
            case IDescribesText text:
                (schema.Format, schema.MaxLength) = (text.Format, text.MaxLength);
                break;
            case AllowedValuesAttribute allowed:
                schema.Enum = [.. allowed.Values.Select(value => JsonValue.Create($"{value}"))];
                break;
            case JsonIgnoreAttribute { Condition: JsonIgnoreCondition.WhenWritingNull }:
                schema.Type &= ~JsonSchemaType.Null; // it is left out instead
                break;
        }
    }

    private static IEnumerable<Attribute> AttributesOf(JsonPropertyInfo? member) =>
        member?.AttributeProvider?.GetCustomAttributes(inherit: true).OfType<Attribute>() ?? [];
}
