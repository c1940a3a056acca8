using System.Text.Json;

namespace AuthPortal.Tests.Conformance;

/// <summary>
/// Where the portal answers otherwise on purpose, from <c>intended.json</c>. The reasons behind the ids are in
/// <c>docs/better-auth.md</c>.
/// </summary>
/// <param name="Intended">By reason: which exchanges it covers, and how each is answered here (its beginning).</param>
/// <param name="NotApplicable">What is not played at all, and why.</param>
internal sealed record Differences(
    Dictionary<string, Dictionary<int, string>> Intended, IReadOnlyList<Differences.Skip> NotApplicable)
{
    /// <summary>Either all exchanges of a configuration or those listed.</summary>
    internal sealed record Skip(string? Config, int[]? Exchanges, string Reason);

    public static Differences Load() => JsonSerializer.Deserialize<Differences>(
        File.ReadAllText(Path.Combine(Exchange.Folder, "intended.json")), JsonSerializerOptions.Web)!;

    /// <returns>Why this exchange is not played; null where it is.</returns>
    public string? WhyNot(Exchange exchange) => NotApplicable
        .FirstOrDefault(skip => skip.Config == exchange.Config || skip.Exchanges?.Contains(exchange.N) is true)?.Reason;

    /// <returns>The reason's id and the answer it allows; null where the exchange must be answered as recorded.</returns>
    public (string Id, string Answer)? For(int n) => (
        from reason in Intended
        where reason.Value.ContainsKey(n)
        select ((string, string)?)(reason.Key, reason.Value[n])).SingleOrDefault();
}
