using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AuthPortal.Database;

/// <summary>Whether PostgreSQL answers, soon enough for whoever asks <c>/healthz/ready</c>.</summary>
internal sealed class DatabaseHealth(Db db) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private const string AnswersSql = "select 1";

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            await db.FindAsync<int>(AnswersSql, new { }, Patience, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (DatabaseUnavailableException e)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message, e);
        }
    }
}
