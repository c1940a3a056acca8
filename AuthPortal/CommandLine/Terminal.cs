using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AuthPortal.CommandLine;

/// <summary>Where a command reads, answers and complains: apart, so that a pipe gets the answer alone.</summary>
internal sealed class Terminal(Stream input, Stream output, TextWriter error)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public Stream Input => input;

    public Stream Output => output;

    public TextWriter Error => error;

    /// <summary>Whether a person types here, rather than a file or program being read.</summary>
    private bool IsTyped { get; init; }

    public static Terminal OfThisProcess() =>
        new(Console.OpenStandardInput(), Console.OpenStandardOutput(), Console.Error)
        {
            IsTyped = !Console.IsInputRedirected,
        };

    /// <summary>One line of the answer.</summary>
    public void Say(string line) => output.Write(Encoding.UTF8.GetBytes(line + "\n"));

    public void SayJson(object answer) => Say(JsonSerializer.Serialize(answer, Json));

    public void ComplainJson(object problem) => error.WriteLine(JsonSerializer.Serialize(problem, Json));

    /// <summary>A secret's one way in: its first line on standard input, unseen where somebody types it.</summary>
    public async Task<string> ReadSecretAsync(string name, CancellationToken ct)
    {
        if (IsTyped)
            return Type(name);
        using var reader = new StreamReader(input, new UTF8Encoding(false), leaveOpen: true);
        return await reader.ReadLineAsync(ct) ?? "";
    }

    private string Type(string name)
    {
        error.Write($"{name}: ");
        var typed = new StringBuilder();
        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(true))
        {
            if (key.Key == ConsoleKey.Backspace)
                typed.Length = Math.Max(0, typed.Length - 1);
            else if (key.KeyChar != '\0')
                typed.Append(key.KeyChar);
        }

        error.WriteLine();
        return typed.ToString();
    }
}
