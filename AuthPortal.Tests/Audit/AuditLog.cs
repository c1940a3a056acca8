using System.Text.Json;
using AuthPortal.Audit;
using AuthPortal.Tests.CommandLine;
using AuthPortal.Tests.Support;
using AuthPortal.Web;
using Microsoft.Extensions.DependencyInjection;

namespace AuthPortal.Tests.Audit;

/// <summary>A portal's log, as its portal writes and seals it, and as an operator asks after it.</summary>
internal static class AuditLog
{
    /// <summary>
    /// What comes after an event in the chain, by PostgreSQL's own means: <c>before</c> is the hash before it, and
    /// <c>e</c> the event.
    /// </summary>
    public const string Hash = """
        sha256(before || int8send(e.seq) || int8send((extract(epoch from e.at) * 1000000)::bigint)
            || int8send(octet_length(convert_to(e.type, 'UTF8'))) || convert_to(e.type, 'UTF8') || e.personal_digest)
        """;

    /// <summary>So many events, one after another, and all sealed.</summary>
    public static async Task RecordAsync(this Portal portal, int count, Guid? userId = null)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        var audit = scope.ServiceProvider.GetRequiredService<AuditStore>();
        for (var n = 0; n < count; n++)
        {
            var client = new Client(null, "a test");
            await audit.RecordAsync(
                new AuditEvent($"tried-{n}", userId, null, client, ("n", $"{n}")), CancellationToken.None);
        }

        await portal.SealAsync();
    }

    public static async Task SealAsync(this Portal portal)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        var sealing = scope.ServiceProvider.GetRequiredService<ChainSealing>();
        await sealing.SealAllAsync(onlyOwn: false, waits: true, CancellationToken.None);
    }

    public static async Task<Verdict> VerifyAsync(this Portal portal, string? expect = null)
    {
        var answer = await portal.RunAsync($"audit verify --json{(expect is null ? "" : $" --expect {expect}")}");
        var json = JsonDocument.Parse(answer.Answer).RootElement;
        var fault = json.GetProperty("fault");
        var isSound = json.GetProperty("sound").GetBoolean();
        return new Verdict(
            answer.ExitCode,
            isSound ? null : fault.GetProperty("kind").GetString(),
            isSound ? 0 : fault.GetProperty("place").GetInt64(),
            json.GetProperty("erased").GetInt64(),
            json.GetProperty("unsealed").GetInt64(),
            json.GetProperty("head").GetString());
    }
}

/// <param name="Kind">Of the first fault; null where there is none.</param>
/// <param name="Head">As <c>--expect</c> takes it.</param>
internal sealed record Verdict(int ExitCode, string? Kind, long Place, long Erased, long Unsealed, string? Head)
{
    public bool IsSound => Kind is null && ExitCode == 0;
}
