using System.Diagnostics;
using AuthPortal.Tests.Support;

namespace AuthPortal.Tests.Interop;

/// <summary>What <c>make interop</c> installs, and where it is.</summary>
internal static class Tools
{
    /// <summary>It has fastapi, uvicorn, jwt, cryptography, aiosmtpd; that on the path may not be Debian's.</summary>
    public static string Python { get; } =
        Environment.GetEnvironmentVariable("AUTHPORTAL_PYTHON") ?? "/usr/bin/python3";

    public static string Folder { get; } = Path.Combine(Source.Root, "AuthPortal.Tests", "Interop");

    public static string Verifiers { get; } =
        Path.Combine(Source.Root, "AuthPortal", "Features", "Developers", "Verifiers");

    public static string Packages { get; } = Path.Combine(Folder, "node_modules");

    /// <summary>The same file where Node finds the packages it imports, as in a project of its own.</summary>
    /// <param name="folder">Where it is; null for the verifiers'.</param>
    public static string BesidePackages(string file, string? folder = null)
    {
        if (!Directory.Exists(Packages))
            throw new InvalidOperationException("The npm packages are missing; `make interop` installs them.");
        var copy = Path.Combine(Packages, file);
        File.Copy(Path.Combine(folder ?? Verifiers, file), copy, overwrite: true);
        return copy;
    }

    /// <summary>A module of this folder and all it imports as one, since a browser knows no packages.</summary>
    public static Task<string> BundleAsync(string module) =>
        RunAsync(Path.Combine(Packages, ".bin", "esbuild"), module, "--bundle", "--format=esm", "--log-level=warning");

    /// <summary>Runs a program in this folder to its end.</summary>
    /// <returns>What it printed.</returns>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var printed = process.StandardOutput.ReadToEndAsync();
        var problems = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return process.ExitCode == 0
            ? await printed
            : throw new InvalidOperationException($"{arguments[0]} failed.\n{await printed}\n{await problems}");
    }
}
