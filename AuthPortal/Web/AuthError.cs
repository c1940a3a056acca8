using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using AuthPortal.Languages;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace AuthPortal.Web;

/// <summary>
/// A refusal: one stable code, its status and its words. As a result it is written as problem details
/// (RFC 9457) that also carry Better Auth's <c>code</c> and <c>message</c> members.
/// </summary>
/// <param name="Status">The HTTP status, 400 to 599.</param>
/// <param name="Code">UPPER_SNAKE and stable; null where Better Auth answers without one.</param>
/// <param name="Message">What went wrong, in Better Auth's words where it has some.</param>
/// <param name="RetryAfter">When to try again: sent as <c>Retry-After</c> and <c>X-Retry-After</c>, in seconds.</param>
internal sealed record AuthError(int Status, string? Code, string Message, TimeSpan? RetryAfter = null) : IResult
{
    public const string MediaType = "application/problem+json";

    /// <summary>What to do about it, for people; the message, where that says enough.</summary>
    public Phrase Advice { get => field ?? Message; init; }

    /// <summary>The form field this belongs beside; null for the summary above the form.</summary>
    public string? Field { get; init; }

    /// <summary>
    /// What a 401 says in <c>WWW-Authenticate</c> (RFC 6750 §3, RFC 9470 §3); null for the bare scheme.
    /// </summary>
    public string? Challenge { get; init; }

    /// <summary>Says when to try again, where that is known.</summary>
    public void SayWhen(HttpResponse response)
    {
        if (RetryAfter is not { } wait)
            return;
        var seconds = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        response.Headers.RetryAfter = seconds;
        response.Headers["X-Retry-After"] = seconds;
    }

    /// <summary>From a middleware: JSON to programs, and to people the page that follows any such status.</summary>
    public Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/api"))
            return ExecuteAsync(context);
        context.Response.StatusCode = Status;
        SayWhen(context.Response);
        return Task.CompletedTask;
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        SayWhen(response);

        // RFC 6750 §3: every 401 names the scheme; whoever knows more (the bearer events) has said so already.
        if (Status == StatusCodes.Status401Unauthorized && !response.Headers.ContainsKey(HeaderNames.WWWAuthenticate))
            response.Headers.WWWAuthenticate = Challenge ?? "Bearer";

        var problem = ToProblem();
        problem["detail"] = httpContext.Say(Advice);
        response.TellLanguage();
        if (Status >= StatusCodes.Status500InternalServerError && CorrelationId.Current is { } id)
            problem["traceId"] = id; // what the log has it under

        return response.WriteAsJsonAsync(
            problem, ProblemJson.Default.DictionaryStringObject, MediaType, httpContext.RequestAborted);
    }

    /// <summary>The body of the answer, but for what one request alone can say.</summary>
    public Dictionary<string, object> ToProblem()
    {
        var problem = new Dictionary<string, object>
        {
            ["type"] = "about:blank",
            ["title"] = ReasonPhrases.GetReasonPhrase(Status),
            ["status"] = Status,
            ["detail"] = Advice.ToString(),
            ["message"] = Message,
        };
        if (Code is not null)
            problem["code"] = Code;
        return problem;
    }
}

/// <summary>How a problem is written: of texts and a number. A member of another type fails at once.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Dictionary<string, object>))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(string))]
internal sealed partial class ProblemJson : JsonSerializerContext;
