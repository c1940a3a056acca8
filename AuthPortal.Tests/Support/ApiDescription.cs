using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AuthPortal.Tests.Support;

/// <summary><c>/openapi/v1.json</c>, as somebody reads it who knows nothing but OpenAPI.</summary>
public sealed partial class ApiDescription(JsonObject document)
{
    private readonly List<(Regex Path, string Method, DescribedCall Call)> _calls = [
        .. from path in document["paths"]!.AsObject()
           orderby path.Key.Contains('{') // a path that is written out goes before one with a parameter
           from call in path.Value!.AsObject()
           select (Template(path.Key), call.Key, new DescribedCall(document, call.Value!.AsObject())),
    ];

    public JsonObject Document => document;

    public IEnumerable<DescribedCall> Calls => _calls.Select(known => known.Call);

    public static async Task<ApiDescription> OfAsync(Portal portal)
    {
        using var http = portal.CreateDefaultClient(new Uri(portal.Address));
        return new ApiDescription(JsonNode.Parse(await http.GetStringAsync("/openapi/v1.json"))!.AsObject());
    }

    /// <returns>Null for a call that it does not tell of.</returns>
    public DescribedCall? Find(string method, string path) => _calls
        .FirstOrDefault(known =>
            known.Method.Equals(method, StringComparison.OrdinalIgnoreCase) && known.Path.IsMatch(path))
        .Call;

    /// <summary>Follows a reference, where it is one.</summary>
    public static JsonObject Resolve(JsonObject document, JsonNode part)
    {
        while (part["$ref"]?.GetValue<string>() is { } reference)
        {
            part = reference.Split('/').Skip(1).Aggregate((JsonNode)document, (node, name) => node[name]
                ?? throw new InvalidOperationException($"{reference} leads nowhere."));
        }

        return part.AsObject();
    }

    private static Regex Template(string path) =>
        new($@"\A{Parameter().Replace(Regex.Escape(path), "[^/]+")}/?\z", RegexOptions.IgnoreCase);

    [GeneratedRegex(@"\\\{[^}]*\}")]
    private static partial Regex Parameter();
}
