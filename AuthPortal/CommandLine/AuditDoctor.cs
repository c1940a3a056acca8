using AuthPortal.Audit;
using Npgsql;

namespace AuthPortal.CommandLine;

/// <summary>Whether the log is sealed as it should be; whether it is sound, <c>audit verify</c> says.</summary>
internal static class AuditDoctor
{
    private const string Name = "audit";
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(1);

    public static async Task<Finding> LookAsync(IServiceProvider services, TimeProvider clock)
    {
        try
        {
            await using var scope = services.CreateAsyncScope();
            var chain = scope.ServiceProvider.GetRequiredService<ChainStore>();
            var head = await chain.FindHeadAsync(CancellationToken.None);
            var unsealed = await chain.CountUnsealedAsync(CancellationToken.None);
            if (head is null || (head.Place > 0 && !services.GetRequiredService<HeadSignature>().Holds(head)))
            {
                return Finding.Wrong(Name, "the log's head is not signed by a listed secret, or the public URL (in "
                    + "Development: PORT) is another than the portal's: see `audit verify`");
            }

            return clock.GetUtcNow() - unsealed.Oldest > Usual
                ? Finding.Warning(Name, $"{unsealed.Count} events wait to be sealed, the oldest since "
                    + $"{unsealed.Oldest:u}: does a portal run that may write?")
                : Finding.Ok(Name, $"sealed up to event {head.Place}, {unsealed.Count} after it");
        }
        catch (PostgresException)
        {
            return Finding.Skipped(Name, "the tables are not up to date");
        }
        catch (Exception e) when (e is NpgsqlException || StartFailure.Explain(e) is not null)
        {
            return Finding.Skipped(Name, "not looked into: see above");
        }
    }
}
