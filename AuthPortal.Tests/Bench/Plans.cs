using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Npgsql;

namespace AuthPortal.Tests.Bench;

/// <summary>How PostgreSQL ran a statement.</summary>
/// <param name="Text">The statement.</param>
/// <param name="Steps">What it did to tables and indexes, such as <c>Index Scan users_pkey</c>, in the plan's order.</param>
/// <param name="Buffers">Pages of 8 KB it looked at, in memory or read.</param>
/// <param name="Time">What it took in the server.</param>
/// <param name="Whole">The plan as the server tells it.</param>
internal sealed record Plan(string Text, string Steps, long Buffers, TimeSpan Time, JsonObject Whole)
{
    /// <summary>Its first words, and of which table.</summary>
    public string Name => string.Join(' ', Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(7));
}

/// <summary>
/// Reads the plan of every statement that a portal sends, as it was truly run and with its true values: PostgreSQL's
/// auto_explain writes it to the server's log (<c>explain (analyze, buffers, format json)</c>).
/// </summary>
internal static partial class Plans
{
    private const string Explained =
        "-c session_preload_libraries=auto_explain -c auto_explain.log_min_duration=0 -c auto_explain.log_analyze=on"
        + " -c auto_explain.log_buffers=on -c auto_explain.log_format=json";

    /// <summary>For a connection string of a superuser's: what its connections run is explained.</summary>
    public static string ExplainedBy(string database) =>
        new NpgsqlConnectionStringBuilder(database) { Options = Explained }.ConnectionString;

    /// <returns>Where the server's log ends now.</returns>
    public static async Task<long> MarkAsync(NpgsqlDataSource server)
    {
        await using var size = server.CreateCommand("select size from pg_stat_file('server.log')");
        return (long)(await size.ExecuteScalarAsync())!;
    }

    /// <returns>What was run since that mark.</returns>
    public static async Task<IReadOnlyList<Plan>> SinceAsync(NpgsqlDataSource server, long mark)
    {
        await using var log = server.CreateCommand("select pg_read_file('server.log', $1, 1 << 29)");
        log.Parameters.Add(new NpgsqlParameter { Value = mark });
        var said = (string)(await log.ExecuteScalarAsync())!;
        return [.. Entries().Matches(said).Select(Read)];
    }

    private static Plan Read(Match entry)
    {
        var told = JsonNode.Parse(entry.Groups["plan"].Value)!.AsObject();
        var root = told["Plan"]!.AsObject();
        var time = TimeSpan.FromMilliseconds(double.Parse(entry.Groups["ms"].Value, CultureInfo.InvariantCulture));
        var buffers = root["Shared Hit Blocks"]!.GetValue<long>() + root["Shared Read Blocks"]!.GetValue<long>();
        return new Plan(told["Query Text"]!.GetValue<string>(), string.Join(", ", Steps(root)), buffers, time, root);
    }

    private static IEnumerable<string> Steps(JsonObject node)
    {
        var name = node["Node Type"]!.GetValue<string>();
        var on = node["Index Name"] ?? node["Relation Name"];
        if (on is not null)
            yield return $"{(name == "ModifyTable" ? node["Operation"] : name)} {on}";
        foreach (var step in (node["Plans"]?.AsArray() ?? []).SelectMany(inner => Steps(inner!.AsObject())))
            yield return step;
    }

    // The server indents what follows the first line of an entry.
    [GeneratedRegex(@"duration: (?<ms>[\d.]+) ms  plan:\n(?<plan>(\t.*\n)+)")]
    private static partial Regex Entries();
}
