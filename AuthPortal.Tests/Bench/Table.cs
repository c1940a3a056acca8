using System.Globalization;
using AuthPortal.Tests.Support;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Bench;

/// <summary>A table in Markdown, printed and kept in <c>.data/bench</c>.</summary>
internal sealed class Table
{
    private readonly List<string> _lines = [];

    public Table(params string[] columns)
    {
        Add(columns);
        Add([.. columns.Select(_ => "---")]);
    }

    public void Add(params string[] cells) => _lines.Add($"| {string.Join(" | ", cells)} |");

    public void Keep(string name, ITestOutputHelper output)
    {
        _lines.ForEach(output.WriteLine);
        Keep($"{name}.md", _lines);
    }

    public static void Keep(string file, IEnumerable<string> lines)
    {
        var folder = Path.Combine(Source.Root, ".data", "bench");
        Directory.CreateDirectory(folder);
        File.WriteAllLines(Path.Combine(folder, file), lines);
    }

    /// <summary>With three digits, and the unit that suits.</summary>
    public static string Text(TimeSpan time) => time switch
    {
        { TotalSeconds: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s"),
        { TotalMilliseconds: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMicroseconds:0.0} µs"),
    };

    public static string Text(double number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
