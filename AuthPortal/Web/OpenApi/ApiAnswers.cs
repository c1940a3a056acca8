using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AuthPortal.Web.OpenApi;

/// <summary>What the framework leaves open of an operation's good answers: headers, and a choice of bodies.</summary>
internal static class ApiAnswers
{
    public static async Task CompleteAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var headers = metadata.OfType<AnswerHeader>().ToList();
        foreach (var (status, answer) in operation.Responses!)
        {
            var concrete = (OpenApiResponse)answer;
            if (headers.Count > 0)
                concrete.Headers = headers.ToDictionary(h => h.Name, h => context.Document!.Describe(h));

            var bodies = metadata.OfType<IProducesResponseTypeMetadata>()
                .Where(m => $"{m.StatusCode}" == status).Select(m => m.Type).OfType<Type>().Distinct().ToList();
            if (bodies.Count > 1) // of which the framework lists the last
                concrete.Content!["application/json"].Schema = await OneOfAsync(bodies, context, ct);
        }
    }

    private static async Task<OpenApiSchema> OneOfAsync(
        List<Type> bodies, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var choice = new OpenApiSchema { OneOf = [] };
        foreach (var body in bodies)
        {
            choice.OneOf.Add(body == typeof(JsonNull)
                ? new OpenApiSchema { Type = JsonSchemaType.Null }
                : await context.NamedSchemaAsync(body, ct));
        }

        return choice;
    }
}
