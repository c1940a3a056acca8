using AuthPortal.Audit;
using AuthPortal.Web;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthPortal.Tokens;

/// <summary>
/// Renews a session from its refresh token. One indexed read decides; nothing is consumed, so that many tabs may
/// renew at once and none signs another out.
/// </summary>
internal sealed class SessionRenewal(
    TokenRules rules, RevocationStore revocations, RenewalReport report, SessionIssuer sessions, TimeProvider clock)
{
    /// <param name="patience">How long to try a database that does not answer; null for the usual time.</param>
    /// <returns>Null where the token is not a good one, or what it names has ended.</returns>
    public async Task<IssuedSession?> RenewAsync(
        string refreshToken, Client client, TimeSpan? patience, CancellationToken ct)
    {
        // The skew is for other clocks: where the session itself is over there is nothing left to renew.
        if (await ReadAsync(refreshToken) is not { } session || session.End <= clock.GetUtcNow())
        {
            report.Unreadable();
            return null;
        }

        var user = await revocations.FindForRenewalAsync(session, patience, ct);
        var renewed = user is null ? null : sessions.Renew(user, session);
        if (renewed is null)
            await report.RefusedAsync(session, client, ct);
        else
            report.Renewed(session);
        return renewed;
    }

    /// <returns>The session a valid refresh token names, whether it has ended early or not.</returns>
    public async Task<Session?> ReadAsync(string refreshToken) =>
        await rules.ReadAsync(refreshToken, TokenKind.Refresh) is { } token ? SessionOf(token) : null;

    private static Session SessionOf(JsonWebToken token) => new(
        Guid.Parse(token.GetPayloadValue<string>("sid")),
        Guid.Parse(token.Subject),
        token.GetPayloadValue<int>("ver"),
        DateTimeOffset.FromUnixTimeSeconds(token.GetPayloadValue<long>("auth_time")),
        token.GetPayloadValue<string[]>("amr"),
        token.TryGetPayloadValue<bool>("persistent", out var persistent) && persistent,
        DateTimeOffset.FromUnixTimeSeconds(token.GetPayloadValue<long>("session_end")));
}

/// <summary>What is told of renewals. No renewal asks for it.</summary>
internal sealed class RenewalReport(
    AuditStore audit, RefusalTally tally, RefusedSessions refused, SessionSightings sightings, SessionMeter meter)
{
    public void Renewed(Session session)
    {
        meter.Renewed(Outcome.Ok);
        sightings.Note(session);
    }

    /// <summary>The first of a session is written at once; those that follow are counted, one row a minute.</summary>
    public Task RefusedAsync(Session session, Client client, CancellationToken ct)
    {
        meter.Renewed("refused");
        if (!refused.IsNew(session.Id))
        {
            tally.Note(AuditTypes.RenewalRefused, $"session {session.Id}", session.UserId, client);
            return Task.CompletedTask;
        }

        return audit.RecordAsync(new AuditEvent(AuditTypes.RenewalRefused, session.UserId, session.Id, client), ct);
    }

    /// <summary>A token of nobody's, or one that is over: many at once may mean that a secret is missing.</summary>
    public void Unreadable() => meter.Renewed("unreadable");
}
