using System.Reflection;
using System.Text;

namespace AuthPortal.Tests.Support;

/// <summary>
/// Runs the portal's own <c>Main</c> within the test process, with settings as its arguments. It takes a tenth of the
/// time of a process of its own, and shows how a start ends and what it writes to standard error.
/// </summary>
internal static class StartInProcess
{
    private static readonly MethodInfo Main = typeof(Program).Assembly.EntryPoint!;

    private static readonly AsyncLocal<StringWriter?> Hearer = new();

    private static readonly Lazy<bool> Installed = new(Install);

    /// <summary>
    /// The settings that every portal needs in production, and these; a setting that is null is left out. Keys are
    /// those of environment variables.
    /// </summary>
    /// <returns>Main's exit code, and what it wrote to standard error.</returns>
    public static async Task<(int ExitCode, string Error)> RunAsync(
        Dictionary<string, string?> settings, TimeSpan within)
    {
        var all = new Dictionary<string, string?>
        {
            ["applicationName"] = typeof(Program).Assembly.GetName().Name,
            ["contentRoot"] = PortalProcess.SourceFolder,
            ["hostBuilder__reloadConfigOnChange"] = "false",
            ["environment"] = "Production",
            ["urls"] = "http://127.0.0.1:0",
            ["Portal__PublicUrl"] = Portal.Url,
            ["BETTER_AUTH_SECRET"] = Portal.Secret,
            ["Accounts__RequireVerifiedEmail"] = "false",
            ["Passwords__Cost"] = "10",
        };
        foreach (var (variable, value) in settings)
            all[variable] = value;
        string[] args =
        [
            .. from setting in all
               where setting.Value is not null
               select $"--{setting.Key.Replace("__", ":", StringComparison.Ordinal)}={setting.Value}",
        ];
        _ = Installed.Value;
        return await Task.Factory.StartNew(
            () => Run(args), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .WaitAsync(within);
    }

    private static (int, string) Run(string[] args)
    {
        var error = new StringWriter();
        Hearer.Value = error;
        var exitCode = (int)Main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [args], null)!;
        return (exitCode, error.ToString());
    }

    /// <summary>Once for the process: what is written goes to the start that wrote it, and else where it always went.</summary>
    private static bool Install()
    {
        Console.SetError(new Router(Console.Error));
        return true;
    }

    private sealed class Router(TextWriter usual) : TextWriter
    {
        public override Encoding Encoding => usual.Encoding;

        private TextWriter Current => Hearer.Value ?? usual;

        public override void Write(char value) => Current.Write(value);

        public override void Write(string? value) => Current.Write(value);

        public override void Write(char[] buffer, int index, int count) => Current.Write(buffer, index, count);

        public override void Flush() => Current.Flush();
    }
}
