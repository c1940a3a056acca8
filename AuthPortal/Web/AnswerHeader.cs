namespace AuthPortal.Web;

/// <summary>A header of an endpoint's good answers, for the API's document.</summary>
internal sealed record AnswerHeader(string Name, string Description, bool IsNumber = false)
{
    public static readonly AnswerHeader Location = new("Location", "Where it goes on.");

    public static readonly AnswerHeader ETag = new("ETag", "For If-None-Match.");

    public static readonly AnswerHeader RefreshToken = new(
        "set-auth-token",
        "A refresh token, when a session starts or goes on alone; to programs only, and to pages on trusted origins "
            + "where Tokens__ExposeRefreshToken is set. A browser has it in a cookie.");

    public static readonly AnswerHeader AccessToken = new(
        "set-auth-jwt", "An access token that says what is so from now on.");
}

/// <summary>The body <c>null</c>, where an endpoint produces it beside another.</summary>
internal sealed class JsonNull;

internal static class AnswerHeaders
{
    public static TBuilder Sends<TBuilder>(this TBuilder endpoint, params AnswerHeader[] headers)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata([.. headers]);

    /// <summary>For an endpoint whose good answer is to go elsewhere.</summary>
    public static RouteHandlerBuilder Redirects(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces(StatusCodes.Status302Found).Sends(AnswerHeader.Location);

    /// <summary>For an endpoint that is asked again and again for what has not changed.</summary>
    public static RouteHandlerBuilder Revalidates(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces(StatusCodes.Status304NotModified).Sends(AnswerHeader.ETag);
}
