using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Drills.Harness;

/// <summary>
/// What an operator reads while a drill runs. The file that <c>AUTHPORTAL_DRILL_LOG</c> names has each line at once;
/// a test runner shows them when the drill is over.
/// </summary>
internal sealed class Journal(ITestOutputHelper output)
{
    private static readonly string? File = Environment.GetEnvironmentVariable("AUTHPORTAL_DRILL_LOG");

    private readonly Stopwatch _since = Stopwatch.StartNew();
    private readonly Lock _only = new();

    /// <summary>Since the drill began, by a clock that nobody sets.</summary>
    public TimeSpan Now => _since.Elapsed;

    /// <summary>Something done or seen, with its time.</summary>
    public void Say(string what) =>
        Print($"{DateTime.UtcNow:HH:mm:ss.fff}Z  {Now.TotalSeconds,6:0.0} s  {what}");

    public void Print(string line)
    {
        lock (_only)
        {
            output.WriteLine(line);
            if (File is { Length: > 0 })
                System.IO.File.AppendAllText(File, line + "\n");
        }
    }

    public static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s");
}
