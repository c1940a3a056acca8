using System.CommandLine;

namespace AuthPortal.CommandLine;

/// <summary>One command as it was given, and what it needs to answer.</summary>
internal sealed record ToolRun(
    ParseResult Given, IServiceProvider Services, Terminal Terminal, Func<CancellationToken, Task> OpenDatabaseAsync,
    bool Json)
{
    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>The answer, in words or as JSON.</summary>
    public int Say(string words, object json, int exitCode = Tool.Done)
    {
        if (Json)
            Terminal.SayJson(json);
        else
            Terminal.Say(words);
        return exitCode;
    }

    /// <summary>Why the answer is no.</summary>
    public int Refuse(string words)
    {
        if (Json)
            Terminal.ComplainJson(new { error = words });
        else
            Terminal.Error.WriteLine($"AuthPortal: {words}");
        return Tool.Refused;
    }
}
