using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace AuthPortal.Web.OpenApi;

/// <summary>What stands around the operations: what all of them share, said once.</summary>
internal sealed class ApiDocument(IOptions<PortalOptions> portal) : IOpenApiDocumentTransformer
{
    public const string Bearer = "bearer";

    public const string Problem = "Problem";

    public Task TransformAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo { Title = "AuthPortal", Version = "1", Description = Conventions.Text };
        document.Servers = [new OpenApiServer { Url = portal.Value.PublicUrl }];
        document.Tags = document.Paths.Values
            .SelectMany(path => path.Operations!.Values).SelectMany(operation => operation.Tags!)
            .Select(tag => tag.Reference.Id!).Distinct().Select(name => new OpenApiTag { Name = name }).ToHashSet();
        document.AddComponent<IOpenApiSchema>(Problem, ProblemSchema());

        document.AddComponent<IOpenApiSecurityScheme>(Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "An access token (RFC 9068). For get-session, token, refresh and sign-out a refresh token "
                + "does as well.",
        });
        foreach (var cookie in CookieCredential.All)
        {
            document.AddComponent<IOpenApiSecurityScheme>(cookie.Scheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Cookie,
                Name = portal.Value.CookieName(cookie.Cookie),
                Description = cookie.Description,
            });
        }

        return Task.CompletedTask;
    }

    /// <summary>Of <see cref="AuthError"/>.</summary>
    private static OpenApiSchema ProblemSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "A refusal: problem details (RFC 9457) with Better Auth's code and message.",
        Required = new HashSet<string> { "type", "title", "status", "detail", "message" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("Always about:blank: the code tells refusals apart."),
            ["title"] = Text("What the status means."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "As in the status line." },
            ["detail"] = Text("What to do about it, for people: in the language that Accept-Language asks for."),
            ["message"] = Text("What went wrong, in Better Auth's words where it has some."),
            ["code"] = Text("What went wrong, for programs: stable. A few refusals have none, as in Better Auth."),
            ["traceId"] = Text("Of a 5xx: what the portal's log has it under (32 hexadecimal digits)."),
        },
    };

    private static OpenApiSchema Text(string description) =>
        new() { Type = JsonSchemaType.String, Description = description };
}
