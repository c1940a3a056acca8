using System.Text.Json;
using AuthPortal.Tests.Support;

namespace AuthPortal.Tests.Conformance;

/// <summary>One request that was made to a real Better Auth server, and what it answered.</summary>
/// <param name="Body">Its bytes as text; null where it had none.</param>
/// <param name="Exists">Who must have an account.</param>
/// <param name="Asks">Who asks for a verification mail before.</param>
/// <param name="Opens">A session that was open before this exchange, and not seen to be opened.</param>
/// <param name="Password">The password that was this person's then.</param>
/// <param name="Later">How long after the one before.</param>
/// <param name="Starts">The session that the answer started.</param>
internal sealed record Exchange(
    int N,
    string Name,
    string Config,
    string Method,
    string Path,
    Dictionary<string, string> Headers,
    string? Body,
    string? Exists,
    string? Asks,
    string? Opens,
    string? Password,
    TimeSpan? Later,
    string? Starts,
    Answer Expect)
{
    public static string Folder { get; } = System.IO.Path.Combine(Source.Root, "AuthPortal.Tests", "Conformance");

    /// <summary>In the order they were made; see <c>reduce.mjs</c>.</summary>
    public static IReadOnlyList<Exchange> All { get; } =
    [
        .. File.ReadLines(System.IO.Path.Combine(Folder, "exchanges.jsonl"))
            .Select(line => JsonSerializer.Deserialize<Exchange>(line, JsonSerializerOptions.Web)!),
    ];

    public bool AsksForMail => Path.Split('/')[^1] is "request-password-reset" or "send-verification-email" or "change-email";

    /// <summary>The member of a JSON body, if it is text.</summary>
    public string? Sent(string member)
    {
        try
        {
            using var document = JsonDocument.Parse(Body ?? "{}");
            return document.RootElement.TryGetProperty(member, out var value) ? value.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
