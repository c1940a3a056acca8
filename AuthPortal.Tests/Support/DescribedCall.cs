using System.Globalization;
using System.Text.Json.Nodes;

namespace AuthPortal.Tests.Support;

/// <summary>What <see cref="ApiDescription"/> says of one call.</summary>
public sealed class DescribedCall(JsonObject document, JsonObject operation)
{
    private static readonly string[] Telling =
        ["set-auth-token", "set-auth-jwt", "Retry-After", "X-Retry-After", "ETag", "Location"];

    public JsonObject Json => operation;

    public string Id => operation["operationId"]!.GetValue<string>();

    public IEnumerable<(int Status, JsonObject Answer)> Answers =>
        from answer in operation["responses"]!.AsObject()
        select (int.Parse(answer.Key, CultureInfo.InvariantCulture), ApiDescription.Resolve(document, answer.Value!));

    /// <summary>Those of a refusal's problems.</summary>
    public static IEnumerable<string> CodesOf(JsonObject answer) =>
        answer["content"]?["application/problem+json"]?["schema"]?["allOf"]?[1]?["properties"]?["code"]?["enum"]
            ?.AsArray().Select(code => code!.GetValue<string>()) ?? [];

    /// <param name="sent">The request's body, where the answer says that it was a good one.</param>
    /// <returns>What the document does not say, or says otherwise.</returns>
    public IEnumerable<string> Problems(string? sent, HttpResponseMessage answer, string body)
    {
        var status = (int)answer.StatusCode;
        var listed = Answers.FirstOrDefault(known => known.Status == status).Answer;
        if (listed is null)
            return [$"{status} is not listed; it said {body}"];

        return Telling
            .Where(name => answer.Headers.Contains(name) && listed["headers"]?[name] is null)
            .Select(name => $"{status} has the header {name}, which is not listed")
            .Concat(OfRequest(sent))
            .Concat(OfBody(listed, answer.Content.Headers.ContentType?.MediaType, body).Select(p => $"{status}: {p}"));
    }

    private IEnumerable<string> OfRequest(string? sent)
    {
        if (string.IsNullOrEmpty(sent))
            return [];
        var schema = operation["requestBody"]?["content"]?["application/json"]?["schema"];
        return schema is null
            ? ["it takes no body"]
            : new SchemaReader(document, isClosed: false).Problems(schema, JsonNode.Parse(sent), "the request");
    }

    private IEnumerable<string> OfBody(JsonObject listed, string? mediaType, string body)
    {
        if (listed["content"]?.AsObject() is not { } content)
            return body.Length == 0 ? [] : [$"it has a body, and none is listed: {body}"];
        if (mediaType is null || content[mediaType]?["schema"] is not { } schema)
            return [$"{mediaType ?? "no body"} is not listed; it said {body}"];
        return mediaType.EndsWith("json", StringComparison.Ordinal)
            ? new SchemaReader(document, isClosed: true).Problems(schema, JsonNode.Parse(body), "the body")
            : [];
    }
}
