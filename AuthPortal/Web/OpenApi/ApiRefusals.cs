using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace AuthPortal.Web.OpenApi;

/// <summary>Every refusal that an operation may answer: by status, with the codes that tell them apart.</summary>
internal static class ApiRefusals
{
    private static readonly AnswerHeader[] WhenToTry =
    [
        new(HeaderNames.RetryAfter, "In how many seconds to try again.", IsNumber: true),
        new("X-Retry-After", "The same, where Better Auth's client looks.", IsNumber: true),
    ];

    private static readonly AnswerHeader[] Challenge =
        [new(HeaderNames.WWWAuthenticate, "The scheme, and what was wrong with a token (RFC 6750 §3, RFC 9470 §3).")];

    private static readonly AuthError Flood = AuthErrors.TooManyRequests(TimeSpan.FromSeconds(1));

    public static Task AddAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        foreach (var refusals in Of(context.Description).GroupBy(refusal => refusal.Status).OrderBy(g => g.Key))
            operation.Responses![$"{refusals.Key}"] = Answer([.. refusals], context.Document!);
        return Task.CompletedTask;
    }

    /// <summary>What its metadata say, and what follows from who may call it and by which method.</summary>
    private static IEnumerable<AuthError> Of(ApiDescription call)
    {
        var metadata = call.ActionDescriptor.EndpointMetadata;
        var refusals = metadata.OfType<IRefuses>().SelectMany(m => m.Refusals);
        if (metadata.OfType<IAuthorizeData>().Any())
            refusals = refusals.Prepend(AuthErrors.Unauthorized);
        if (call.HttpMethod != HttpMethods.Get)
            refusals = refusals.Concat(OriginCheck.Refusals);
        if (call.HttpMethod != HttpMethods.Get && !metadata.OfType<IPassesFloodGate>().Any())
            refusals = refusals.Append(Flood);
        return refusals.DistinctBy(NameOf);
    }

    /// <summary>What is alone under its status is told once, for all who answer it.</summary>
    private static IOpenApiResponse Answer(AuthError[] refusals, OpenApiDocument document)
    {
        if (refusals.Length > 1)
            return Describe(refusals, document);
        document.AddComponent<IOpenApiResponse>(NameOf(refusals[0]), Describe(refusals, document));
        return new OpenApiResponseReference(NameOf(refusals[0]), document);
    }

    private static OpenApiResponse Describe(AuthError[] refusals, OpenApiDocument document)
    {
        var says = refusals.Select(refusal => refusal.Code ?? $"\"{refusal.Message}\"");
        var headers = (refusals[0].Status == StatusCodes.Status401Unauthorized ? Challenge : [])
            .Concat(refusals.Any(refusal => refusal.RetryAfter is not null) ? WhenToTry : []);
        return new OpenApiResponse
        {
            Description = $"{ReasonPhrases.GetReasonPhrase(refusals[0].Status)}: {string.Join(", ", says)}",
            Headers = headers.ToDictionary(h => h.Name, h => document.Describe(h)),
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [AuthError.MediaType] = new()
                {
                    Schema = SchemaOf(refusals, document),
                    Examples = refusals.ToDictionary(KeyOf, IOpenApiExample (r) => ExampleOf(r, document)),
                },
            },
        };
    }

    /// <summary>A problem whose code is one of these.</summary>
    private static OpenApiSchema SchemaOf(AuthError[] refusals, OpenApiDocument document)
    {
        var codes = refusals.Select(refusal => refusal.Code).OfType<string>().Distinct();
        var exact = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. codes] },
            },
        };
        if (refusals.All(refusal => refusal.Code is not null))
            exact.Required = new HashSet<string> { "code" };
        return new OpenApiSchema { AllOf = [new OpenApiSchemaReference(ApiDocument.Problem, document), exact] };
    }

    private static OpenApiExampleReference ExampleOf(AuthError refusal, OpenApiDocument document)
    {
        document.AddComponent<IOpenApiExample>(NameOf(refusal), new OpenApiExample
        {
            Summary = refusal.Message,
            Value = JsonSerializer.SerializeToNode(refusal.ToProblem(), ProblemJson.Default.DictionaryStringObject),
        });
        return new OpenApiExampleReference(NameOf(refusal), document);
    }

    /// <summary>Some codes have several statuses.</summary>
    private static string NameOf(AuthError refusal) => $"{KeyOf(refusal)}_{refusal.Status}";

    /// <summary>Some refusals have no code.</summary>
    private static string KeyOf(AuthError refusal) =>
        refusal.Code ?? refusal.Message.ToUpperInvariant().Replace(' ', '_');
}
