using System.Text.Json;
using System.Text.Json.Nodes;

namespace AuthPortal.Tests.Conformance;

/// <summary>What of an answer a client can depend on.</summary>
/// <param name="Location">Relative where it leads to the portal itself.</param>
/// <param name="Body">The shape of a JSON body: each member's name and type. Null for another body, or none.</param>
internal sealed record Answer(int Status, string? Code, string? Location, JsonNode? Body)
{
    // RFC 9457's, beside Better Auth's own two.
    private static readonly string[] ProblemMembers = ["type", "title", "status", "detail"];

    public static async Task<Answer> OfAsync(HttpResponseMessage response)
    {
        var location = response.Headers.Location?.OriginalString;
        var text = await response.Content.ReadAsStringAsync();
        var type = response.Content.Headers.ContentType?.MediaType ?? "";
        if (text.Length == 0 || !type.Contains("json", StringComparison.Ordinal))
            return new Answer((int)response.StatusCode, null, location, null);

        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        var code = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("code", out var c) ? c.GetString() : null;
        return new Answer((int)response.StatusCode, code, location, ShapeOf(root, type.Contains("problem", StringComparison.Ordinal)));
    }

    /// <summary>What differs, in words; empty where nothing does.</summary>
    public IEnumerable<string> DifferencesOf(Answer live)
    {
        if (live.Status != Status)
            yield return $"status {live.Status}, not {Status}";
        if (live.Code != Code)
            yield return $"code {live.Code ?? "none"}, not {Code ?? "none"}";
        if (live.Location != Location)
            yield return $"location {live.Location ?? "none"}, not {Location ?? "none"}";
        if (live.Status == Status && live.Code == Code && !Same(Body, live.Body))
            yield return $"body {Short(live.Body)}, not {Short(Body)}";
    }

    /// <summary>In a line: <c>200 {token,user:{…}}</c>, <c>401 UNAUTHORIZED</c>, <c>302 /there</c>, <c>404</c>.</summary>
    public override string ToString() =>
        string.Join(' ', new[] { $"{Status}", Code ?? (Body is null ? "" : Short(Body)), Location ?? "" }.Where(w => w.Length > 0));

    private static bool Same(JsonNode? expected, JsonNode? live) =>
        (expected, live) switch
        {
            // A list of none tells nothing of its members.
            (JsonArray { Count: 0 }, JsonArray) or (JsonArray, JsonArray { Count: 0 }) => true,
            _ => JsonNode.DeepEquals(expected, live),
        };

    private static JsonNode ShapeOf(JsonElement value, bool isProblem) => value.ValueKind switch
    {
        JsonValueKind.Object => new JsonObject(value.EnumerateObject()
            .Where(member => !isProblem || !ProblemMembers.Contains(member.Name))
            .OrderBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Name, (JsonNode?)ShapeOf(member.Value, isProblem: false)))),
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Take(1).Select(first => ShapeOf(first, isProblem: false))]),
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => value.ValueKind.ToString().ToLowerInvariant(),
    };

    private static string Short(JsonNode? shape) => shape switch
    {
        null => "none",
        JsonObject members => $"{{{string.Join(',', members.Select(m => Short(m.Key, m.Value)))}}}",
        JsonArray items => $"[{string.Join(',', items.Select(Short))}]",
        _ => shape.ToString(),
    };

    private static string Short(string name, JsonNode? shape) => shape is JsonObject or JsonArray || shape?.ToString() == "null"
        ? $"{name}:{Short(shape)}"
        : name;
}
