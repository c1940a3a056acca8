using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AuthPortal.Tests.Support;

/// <summary>As much of JSON Schema as our document uses; what it does not know it refuses to pass over.</summary>
/// <param name="isClosed">Whether a member that is not listed is wrong.</param>
public sealed class SchemaReader(JsonObject document, bool isClosed)
{
    private static readonly string[] Known =
    [
        "type", "format", "description", "properties", "required", "items", "additionalProperties", "enum", "oneOf",
        "allOf", "$ref", "maxLength", "minLength",
    ];

    public IEnumerable<string> Problems(JsonNode schema, JsonNode? value, string at)
    {
        var rules = ApiDescription.Resolve(document, schema);
        if (rules.Select(rule => rule.Key).Except(Known).FirstOrDefault() is { } unknown)
            return [$"{at}: what is {unknown}?"];
        if (rules["oneOf"] is JsonArray choices)
        {
            var tried = choices.Select(choice => Problems(choice!, value, at).ToList()).ToList();
            return tried.Count(problems => problems.Count == 0) == 1 ? [] : [$"{at} is none or several of its schemas"];
        }

        // Each of several schemas knows but some of the members.
        if (rules["allOf"] is JsonArray all)
            return all.SelectMany(part => new SchemaReader(document, isClosed: false).Problems(part!, value, at));
        if (rules["enum"] is JsonArray allowed && !allowed.Any(one => JsonNode.DeepEquals(one, value)))
            return [$"{at} is {value?.ToJsonString()}, which is not listed"];
        if (!IsOfType(rules["type"], value))
            return [$"{at} is {value?.ToJsonString() ?? "null"}, not {rules["type"]?.ToJsonString()}"];
        return value switch
        {
            JsonObject members => OfMembers(rules, members, at),
            JsonArray items when rules["items"] is { } each =>
                items.SelectMany((item, i) => Problems(each, item, $"{at}[{i}]")),
            JsonValue one => OfText(rules, one, at),
            _ => [],
        };
    }

    private IEnumerable<string> OfMembers(JsonObject rules, JsonObject members, string at)
    {
        var missing = (rules["required"]?.AsArray() ?? []).Select(name => name!.GetValue<string>())
            .Where(name => !members.ContainsKey(name)).Select(name => $"{at} lacks {name}");
        return missing.Concat(members.SelectMany(member =>
            (rules["properties"]?[member.Key] ?? rules["additionalProperties"]) is { } schema
                ? Problems(schema, member.Value, $"{at}.{member.Key}")
                : isClosed && rules["properties"] is not null ? [$"{at} has {member.Key}, which is not listed"] : []));
    }

    private static IEnumerable<string> OfText(JsonObject rules, JsonValue value, string at)
    {
        if (!value.TryGetValue(out string? text))
            return [];
        var fits = rules["format"]?.GetValue<string>() switch
        {
            "uuid" => Guid.TryParseExact(text, "D", out _),
            "date-time" => DateTime.TryParseExact(
                text, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            _ => true,
        };
        return fits && !(text.Length > rules["maxLength"]?.GetValue<int>())
            && !(text.Length < rules["minLength"]?.GetValue<int>())
                ? []
                : [$"{at} is \"{text}\", which is no {rules["format"] ?? "text of such a length"}"];
    }

    private static bool IsOfType(JsonNode? type, JsonNode? value)
    {
        var kind = value?.GetValueKind() switch
        {
            null => "null",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            JsonValueKind.Number => "integer",
            var other => other.ToString()!.ToLowerInvariant(),
        };
        return type switch
        {
            null => true,
            JsonArray several => several.Any(one => one!.GetValue<string>() == kind),
            _ => type.GetValue<string>() == kind,
        };
    }
}
