namespace AuthPortal.Web.OpenApi;

/// <summary>The API as a document (OpenAPI 3.1), read off the endpoints themselves.</summary>
internal static class OpenApiSetup
{
    public static void AddOpenApiDocument(this WebApplicationBuilder builder)
    {
        builder.Services.AddOpenApi(PublishedDocument.Name, options =>
        {
            options.ShouldInclude = ApiOperation.IsDocumented;
            options.CreateSchemaReferenceId = Schemas.NameOf;
            options.AddSchemaTransformer(Schemas.CorrectAsync);
            options.AddOperationTransformer(ApiOperation.CompleteAsync);
            options.AddOperationTransformer(ApiAnswers.CompleteAsync);
            options.AddOperationTransformer(ApiRefusals.AddAsync);
            options.AddDocumentTransformer<ApiDocument>();
        });
        builder.Services.AddSingleton<PublishedDocument>();
    }

    /// <summary>For anybody, in production too: what it says is public, as the source is, and hides no door.</summary>
    public static void MapOpenApiDocument(this IEndpointRouteBuilder routes) =>
        routes.MapMethods(
                $"/openapi/{PublishedDocument.Name}.json",
                [HttpMethods.Get, HttpMethods.Head],
                (PublishedDocument document, HttpResponse response) => document.GetAsync(response))
            .AllowAnonymous().WithMetadata(new PublicDocument());
}
