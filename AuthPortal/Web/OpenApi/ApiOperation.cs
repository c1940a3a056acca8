using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AuthPortal.Web.OpenApi;

/// <summary>What the framework leaves open of an operation: name, place, who may call it, what it reads.</summary>
internal static partial class ApiOperation
{
    private static readonly string[] Documented = ["api/", ".well-known/", "healthz/"];

    /// <summary>HEAD goes without saying where GET is.</summary>
    public static bool IsDocumented(ApiDescription call) =>
        call.HttpMethod != HttpMethods.Head
        && Documented.Any(start => call.RelativePath?.StartsWith(start, StringComparison.Ordinal) is true);

    public static async Task CompleteAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.OperationId ??= IdOf(context.Description.RelativePath!);
        operation.Tags = new HashSet<OpenApiTagReference> { new(FeatureOf(metadata), context.Document) };
        operation.Security = SecurityOf(metadata, context.Document!);
        if (metadata.OfType<JsonBodyType>().SingleOrDefault() is { } body)
            operation.RequestBody = await BodyAsync(body.Type, context, ct);
    }

    /// <summary>An address is a name: <c>/api/auth/sign-in/email</c> is <c>signInEmail</c>.</summary>
    private static string IdOf(string path)
    {
        var words = Gap().Split(Prefix().Replace(path, "")).Where(word => word.Length > 0);
        if (path.StartsWith(".well-known/", StringComparison.Ordinal))
            words = words.Prepend("get");
        return string.Concat(words.Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
    }

    /// <summary>A folder is a feature: what stands in <c>Features/SignIn</c> is under "Sign in".</summary>
    private static string FeatureOf(IList<object> metadata)
    {
        var folder = metadata.OfType<MethodInfo>().Single().DeclaringType!.Namespace!.Split('.')[^1];
        return folder[0] + Capital().Replace(folder[1..], letter => $" {char.ToLowerInvariant(letter.Value[0])}");
    }

    /// <returns>One of them is enough; an empty one lets anybody in.</returns>
    private static List<OpenApiSecurityRequirement> SecurityOf(IList<object> metadata, OpenApiDocument document)
    {
        var isRequired = metadata.OfType<IAuthorizeData>().Any();
        if (!isRequired && !metadata.OfType<ILooksAtCaller>().Any())
            return [];

        var cookies = metadata.OfType<CookieCredential>().DefaultIfEmpty(CookieCredential.Access);
        var ways = cookies.Select(cookie => cookie.Scheme).Prepend(ApiDocument.Bearer).Select(scheme =>
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, document)] = [] });
        return isRequired ? [.. ways] : [[], .. ways];
    }

    private static async Task<OpenApiRequestBody> BodyAsync(
        Type type, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var schema = await context.NamedSchemaAsync(type, ct);
        return new OpenApiRequestBody
        {
            Required = schema.Required is { Count: > 0 },
            Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = schema } },
        };
    }

    [GeneratedRegex(@"\A(api/auth/|api/|\.well-known/)")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"\{[^}]*\}|[^A-Za-z0-9]+")]
    private static partial Regex Gap();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();
}
