using System.Diagnostics;
using System.Text;
using AuthPortal.CommandLine;
using AuthPortal.Tests.Support;

namespace AuthPortal.Tests.CommandLine;

/// <param name="Answer">What came on standard output.</param>
/// <param name="Words">What came on standard error.</param>
internal sealed record ToolAnswer(int ExitCode, string Answer, string Words);

/// <summary>Commands as an operator gives them.</summary>
internal static class Tools
{
    /// <summary>Within this process, over a portal's own services.</summary>
    public static async Task<ToolAnswer> RunAsync(this Portal portal, string command, string input = "")
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var terminal = new Terminal(new MemoryStream(Encoding.UTF8.GetBytes(input)), output, error);
        var tool = new Tool(portal.Services, _ => Task.CompletedTask, terminal);
        var exitCode = await tool.RunAsync(command.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return new ToolAnswer(exitCode, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }

    /// <summary>As a process of its own, with nothing set but what is given.</summary>
    public static async Task<ToolAnswer> ProcessAsync(
        string command, string input, Dictionary<string, string?> settings)
    {
        var start = new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "AuthPortal.dll"), .. command.Split(' ')])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            WorkingDirectory = Path.Combine(Source.Root, "AuthPortal"),
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        foreach (var (key, value) in settings)
            start.Environment[key] = value;
        using var cost = Costs.Of("tool processes run");
        using var process = Process.Start(start)!;
        var answer = process.StandardOutput.ReadToEndAsync();
        var words = process.StandardError.ReadToEndAsync();
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // it did not want to read
        }

        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));
        return new ToolAnswer(process.ExitCode, await answer, await words);
    }
}
