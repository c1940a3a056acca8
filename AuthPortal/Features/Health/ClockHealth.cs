using AuthPortal.Database;
using AuthPortal.Tokens;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AuthPortal.Features.Health;

/// <summary>
/// Whether this machine's clock is near enough to the database's, which all instances share, for the others to accept
/// the tokens made here. Astray, it is degraded and no worse: were it the database's that is, every instance would say
/// so at once, and tokens go by ours alone.
/// </summary>
internal sealed class ClockHealth(Db db, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken ct = default)
    {
        try
        {
            var facts = await DatabaseFacts.ReadAsync(db, clock, Patience, ct);
            var words = $"this machine's clock is {facts.ClockInWords}";
            return facts.Ahead.Duration() > TokenOptions.ClockSkew
                ? HealthCheckResult.Degraded(words)
                : HealthCheckResult.Healthy(words);
        }
        catch (DatabaseUnavailableException)
        {
            return HealthCheckResult.Degraded("there is no database to compare this machine's clock with");
        }
    }
}
