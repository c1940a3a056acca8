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
        Complain(new { error = words }, words);
        return Tool.Refused;
    }

    /// <summary>Writes a warning to standard error; the command goes on.</summary>
    public void Warn(string words) => Complain(new { warning = words }, words);

    private void Complain(object json, string words)
    {
        if (Json)
            Terminal.ComplainJson(json);
        else
            Terminal.Error.WriteLine($"AuthPortal: {words}");
    }
}
