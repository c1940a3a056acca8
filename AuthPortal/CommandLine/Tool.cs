using System.CommandLine;
using AuthPortal.Audit;
using AuthPortal.Database;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace AuthPortal.CommandLine;

/// <summary>The same binary as a tool. Alone, or with settings only (<c>--Key=value</c>), it serves.</summary>
internal sealed class Tool(IServiceProvider services, Func<CancellationToken, Task> openDatabase, Terminal terminal)
{
    public const int Done = 0;
    public const int CouldNotRun = 1;

    /// <summary>It ran, and the answer is no, or not for all.</summary>
    public const int Refused = 2;

    private const string ExitCodes =
        "Exit codes: 0 done; 1 could not run (the words are on standard error); 2 it ran and the answer is no: "
        + "some lines refused, no such person, a fault found, a token refused, an audit log that was altered.";

    private static readonly string[] Questions = ["--help", "-h", "-?", "--version", "--json"];

    private readonly Option<bool> _json =
        new("--json") { Description = "Answer as JSON, a line each.", Recursive = true };

    /// <summary>Whether the first word is a command or a question, not a setting for the host.</summary>
    public static bool IsAskedFor(string[] args) =>
        args is [var first, ..]
        && (Questions.Contains(first) || !(first.StartsWith('-') || first.StartsWith('/') || first.Contains('=')));

    /// <returns>What the host shall read; nothing where a command will.</returns>
    /// <exception cref="OptionsValidationException">
    /// One is no setting: neither <c>Key=value</c> nor <c>--Key value</c>. The host would pass over it and serve.
    /// </exception>
    public static string[] SettingsOf(string[] args)
    {
        if (IsAskedFor(args))
            return [];
        for (var i = 0; i < args.Length; i++)
        {
            var isKey = args[i].StartsWith("--", StringComparison.Ordinal) || args[i].StartsWith('/');
            if (args[i].IndexOf('=') > 0 && (isKey || !args[i].StartsWith('-')))
                continue;
            if (!isKey || i + 1 == args.Length || args[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                var sentence = $"{args[i]} is neither a command nor a setting: write --Key=value, or see --help.";
                throw new OptionsValidationException("arguments", typeof(string[]), [sentence]);
            }

            i++;
        }

        return args;
    }

    /// <param name="parameters">The command's own arguments and options.</param>
    public Command Command(
        string name,
        string description,
        IEnumerable<Symbol> parameters,
        Func<ToolRun, CancellationToken, Task<int>> run)
    {
        var command = new Command(name, description);
        foreach (var parameter in parameters)
        {
            if (parameter is Argument argument)
                command.Add(argument);
            else if (parameter is Option option)
                command.Add(option);
        }

        command.SetAction(async (parsed, ct) =>
        {
            await using var scope = services.CreateAsyncScope();
            var asked = new ToolRun(parsed, scope.ServiceProvider, terminal, openDatabase, parsed.GetValue(_json));
            return await GuardedAsync(() => run(asked, ct), asked.Json);
        });
        return command;
    }

    public Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand(
            "The sign-in portal. Alone, or with settings such as --Portal:PublicUrl=…, it serves. " + ExitCodes);
        root.Options.Add(_json);
        foreach (var command in All())
            root.Subcommands.Add(command);
        var output = new StreamWriter(terminal.Output, leaveOpen: true) { AutoFlush = true };
        return root.Parse(args).InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,   // a bug shows its trace, as it does when serving
            Output = output,
            Error = terminal.Error,
        });
    }

    private IEnumerable<Command> All() =>
    [
        Command("migrate", "Bring the database's tables up to date.", [], async (run, ct) =>
        {
            await run.OpenDatabaseAsync(ct);
            return run.Say("The database is up to date.", new { upToDate = true });
        }),
        new UserCommands(this).Build(),
        KeyCommands.Build(this),
        DoctorCommand.Build(this),
        new ExplainCommand(this).Build(),
        new AuditCommands(this).Build(),
        .. new RestoreCommands(this).Build(),
    ];

    /// <summary>What the operator can mend is a sentence, as it is when the portal can't start.</summary>
    private async Task<int> GuardedAsync(Func<Task<int>> run, bool json)
    {
        string sentence;
        try
        {
            return await run();
        }
        catch (Exception e) when (StartFailure.Explain(e) is { } explained)
        {
            sentence = explained;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            sentence = e.Message;
        }

        if (json)
            terminal.ComplainJson(new { error = sentence });
        else
            terminal.Error.WriteLine($"AuthPortal: {sentence}");
        return CouldNotRun;
    }
}

internal static class ToolSetup
{
    /// <summary>A tool's answer is alone on standard output: what is logged goes to the other.</summary>
    public static void AddTool(this WebApplicationBuilder builder, string[] args)
    {
        if (!Tool.IsAskedFor(args))
            return;
        builder.Services.Configure<ConsoleLoggerOptions>(log => log.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter(typeof(Migrator).FullName, LogLevel.Information);
    }

    public static async Task<int> RunToolAsync(this WebApplication app, string[] args)
    {
        await using (app)
        {
            var tool = new Tool(app.Services, app.MigrateDatabaseAsync, Terminal.OfThisProcess());
            var exitCode = await tool.RunAsync(args);
            await app.Services.GetRequiredService<AuditSealer>().SealNotedAsync(onlyOwn: true);
            return exitCode;
        }
    }
}
