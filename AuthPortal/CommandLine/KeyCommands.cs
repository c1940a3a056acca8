using System.CommandLine;
using System.Text.Json;
using AuthPortal.Keys;

namespace AuthPortal.CommandLine;

/// <summary><c>keys …</c></summary>
internal static class KeyCommands
{
    public static Command Build(Tool tool)
    {
        var keys = new Command("keys", "What signs and verifies.");
        keys.Add(tool.Command("list", "The published keys: which signs, which verify only; no secret.", [], List));
        return keys;
    }

    private static Task<int> List(ToolRun run, CancellationToken ct)
    {
        var ring = run.Get<KeyRing>();
        var signing = ring.AccessSigning.Key.KeyId;
        using var published = JsonDocument.Parse(ring.Published.Json);
        var ids = published.RootElement.GetProperty("keys").EnumerateArray()
            .Select(key => key.GetProperty("kid").GetString()!)
            .ToList();
        if (ids.Count == 0)
        {
            run.Say($"{signing}  signs and verifies; {ring.AccessAlgorithm}, shared, not published",
                new { kid = signing, algorithm = ring.AccessAlgorithm, signs = true, published = false });
        }

        foreach (var kid in ids)
        {
            var signs = kid == signing;
            run.Say($"{kid}  {(signs ? "signs and verifies" : "verifies")}",
                new { kid, algorithm = ring.AccessAlgorithm, signs, published = true });
        }

        return Task.FromResult(Tool.Done);
    }
}
