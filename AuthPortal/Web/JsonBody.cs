using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace AuthPortal.Web;

/// <summary>A body that may hold a refusal; <see cref="JsonBodies.RefuseBadBodies"/> answers with it.</summary>
internal interface IJsonBody
{
    AuthError? Error { get; }
}

/// <summary>For calls that take no argument: any object, or no body at all.</summary>
public sealed record EmptyBody;

/// <summary>
/// A JSON object read and validated at the edge: <typeparamref name="T"/> is a public record whose
/// <c>[JsonRequired]</c> members must be there and whose validation attributes must hold. Unknown members are
/// ignored; a member named twice is refused, since two readers could choose differently (ASVS 15.3.7).
/// </summary>
internal sealed class JsonBody<T> : IJsonBody, IEndpointParameterMetadataProvider
    where T : class
{
    private readonly HashSet<string> _members;

    private JsonBody(T? value, HashSet<string> members, AuthError? error) =>
        (Value, _members, Error) = (value!, members, error);

    public T Value { get; }

    public AuthError? Error { get; }

    /// <summary>Whether the caller wrote this member at all, be it as null.</summary>
    public bool Names(string member) => _members.Contains(member);

    public static async ValueTask<JsonBody<T>> BindAsync(HttpContext context)
    {
        try
        {
            var read = await JsonBodies.ReadAsync(context.Request, context.RequestAborted);
            return read.Succeeded ? Bind(read.Value) : new(null, [], read.Error);
        }
        catch (JsonException)
        {
            return new(null, [], AuthErrors.InvalidJson);
        }
    }

    private static JsonBody<T> Bind(JsonDocument document)
    {
        using var _ = document;
        var problems = JsonBodies.Mismatches(document.RootElement, typeof(T)).ToList();
        if (problems.Count > 0)
            return new(null, [], AuthErrors.Validation(problems));

        var value = document.RootElement.Deserialize<T>(PortalJson.Options)!;
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(value, new ValidationContext(value), results, validateAllProperties: true);
        var members = document.RootElement.EnumerateObject().Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        return results.Count == 0
            ? new(value, members, null)
            : new(null, [], AuthErrors.Validation(results.Select(JsonBodies.Describe)));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new JsonBodyType(typeof(T)));
}

/// <summary>What every JSON body shares: the reading, its bounds, and Better Auth's words for what is wrong.</summary>
internal static class JsonBodies
{
    /// <summary>The largest body read, in bytes; the longest honest one is a few hundred.</summary>
    public const int MaxBytes = 16 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>Answers with a body's refusal before its handler runs.</summary>
    public static TBuilder RefuseBadBodies<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.AddEndpointFilterFactory((endpoint, next) =>
            endpoint.MethodInfo.GetParameters().Any(p => p.ParameterType.IsAssignableTo(typeof(IJsonBody)))
                ? async context => context.Arguments.OfType<IJsonBody>().FirstOrDefault(b => b.Error is not null)?.Error
                    ?? await next(context)
                : next);

    /// <returns>The body; an empty object where there is none and no content type.</returns>
    public static async Task<Result<JsonDocument>> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        var buffer = new byte[MaxBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        if (length > MaxBytes)
            return AuthErrors.BodyTooLarge;
        if (string.IsNullOrEmpty(request.ContentType) && length == 0)
            return JsonDocument.Parse("{}");

        // JSON alone: a form on another site can send the other types without asking (ASVS 3.5.2).
        var isJson = MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);
        if (!isJson)
            return AuthErrors.UnsupportedMediaType(request.ContentType ?? "");

        return Parse(buffer.AsMemory(0, length));
    }

    /// <exception cref="JsonException">It is no JSON, or a member's name is no text (half a character).</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            var document = JsonDocument.Parse(json, Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                _ = document.RootElement.EnumerateObject().Count(member => member.Name.Length > 0);
            return document;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("A member's name is no text.", e);
        }
    }

    /// <summary>Every member that is missing or of the wrong kind, in Better Auth's words.</summary>
    public static IEnumerable<string> Mismatches(JsonElement body, Type type)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            yield return $"[body] Invalid input: expected object, received {NameOf(body)}";
            yield break;
        }

        foreach (var member in PortalJson.Options.GetTypeInfo(type).Properties)
        {
            if (!body.TryGetProperty(member.Name, out var value))
            {
                if (member.IsRequired)
                    yield return $"[body.{member.Name}] Invalid input: expected {Expected(member)}, received undefined";
            }
            else if (!Fits(value, member))
            {
                yield return $"[body.{member.Name}] Invalid input: "
                    + $"expected {Expected(member)}, received {NameOf(value)}";
            }
            else if (!IsText(value))
            {
                yield return $"[body.{member.Name}] Invalid text: it holds a NUL or half a character";
            }
        }
    }

    /// <summary>False for NUL, which PostgreSQL can't hold, and for what is not well-formed.</summary>
    private static bool IsText(JsonElement value) =>
        PlainText.IsWellFormed(value)
        && (value.ValueKind != JsonValueKind.String || PlainText.IsText(value.GetString()!));

    public static string Describe(ValidationResult result)
    {
        var member = result.MemberNames.FirstOrDefault();
        return member is null
            ? $"[body] {result.ErrorMessage}"
            : $"[body.{JsonNamingPolicy.CamelCase.ConvertName(member)}] {result.ErrorMessage}";
    }

    private static bool Fits(JsonElement value, JsonPropertyInfo member) => value.ValueKind switch
    {
        JsonValueKind.Null => member.IsSetNullable && !member.IsRequired,
        JsonValueKind.String => member.PropertyType == typeof(string),
        JsonValueKind.True or JsonValueKind.False => IsBoolean(member),
        JsonValueKind.Object => member.PropertyType == typeof(JsonObject),
        _ => false,
    };

    private static string Expected(JsonPropertyInfo member) =>
        IsBoolean(member) ? "boolean" : member.PropertyType == typeof(JsonObject) ? "object" : "string";

    private static bool IsBoolean(JsonPropertyInfo member) =>
        member.PropertyType == typeof(bool) || member.PropertyType == typeof(bool?);

    private static string NameOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Undefined => "undefined",
        var kind => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()),
    };
}
