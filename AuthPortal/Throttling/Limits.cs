using AuthPortal.Audit;
using AuthPortal.Web;
using Microsoft.Extensions.Options;

namespace AuthPortal.Throttling;

/// <summary>
/// What every feature asks before it tries something: takes from the budgets, and has each refusal counted, audited
/// and put into words.
/// </summary>
internal sealed class Limits(
    Throttle throttle,
    Afterwards afterwards,
    RefusalTally tally,
    RefusalDelay delay,
    ThrottleMeter meter,
    IOptions<ThrottleOptions> options)
{
    private readonly List<Quota> _taken = [];

    public ThrottleOptions Rules => options.Value;

    /// <summary>The two budgets of whoever shares the client's address or its neighbourhood.</summary>
    public IEnumerable<Quota> OfNetwork(Client client, ThrottleRule byAddress, ThrottleRule byBlock) =>
        OfAddress(client, byAddress).Concat(OfBlock(client, byBlock));

    /// <summary>None for a socket of this machine, which is no network.</summary>
    public IEnumerable<Quota> OfBlock(Client client, ThrottleRule rule)
    {
        if (!IsCounted(client))
            yield break;
        yield return new Quota(rule, $"{AddressBlock.Of(client.Address)}");
        if (AddressBlock.SiteOf(client.Address) is { } site)
            yield return new Quota(rule.For(site.Share), $"site {site}");
    }

    /// <param name="userId">Whose account it is about, where that is known.</param>
    /// <returns>Null where it may be tried.</returns>
    public async Task<AuthError?> TakeAsync(
        IReadOnlyCollection<Quota> quotas, Guid? userId, Client client, CancellationToken ct) =>
        await FindExhaustedAsync(quotas, userId, client, ct) is { } exhausted
            ? AuthErrors.TooManyRequests(exhausted.Wait)
            : null;

    /// <summary>The same for who has words of their own for it.</summary>
    public async Task<Exhausted?> FindExhaustedAsync(
        IReadOnlyCollection<Quota> quotas, Guid? userId, Client client, CancellationToken ct)
    {
        var exhausted = await throttle.TakeAsync(quotas, ct);
        if (exhausted is not null)
        {
            meter.Refused(exhausted.Quota.Rule);
            var key = $"{exhausted.Quota.Rule.Name} {Convert.ToHexStringLower(exhausted.Key.AsSpan(0, 8))}";
            tally.Note(AuditTypes.Throttled, key, userId, client);
            await delay.WaitAsync(ct);
        }
        else
        {
            _taken.AddRange(quotas);
        }

        return exhausted;
    }

    /// <summary>
    /// Even if the caller has hung up: or what they share with others could be used up by hanging up.
    /// </summary>
    public Task GiveBackAsync(IReadOnlyCollection<Quota> quotas)
    {
        Forget(quotas);
        return throttle.GiveBackAsync(quotas, CancellationToken.None);
    }

    /// <summary>Once the answer is on its way, which need not wait for it.</summary>
    public void GiveBackLater(IReadOnlyCollection<Quota> quotas)
    {
        Forget(quotas);
        if (quotas.Count > 0)
            afterwards.Do((services, ct) => services.GetRequiredService<Throttle>().GiveBackAsync(quotas, ct));
    }

    /// <summary>All that this request has taken, where what it was taken for failed by a fault of ours.</summary>
    public void GiveAllBackLater() => GiveBackLater([.. _taken]);

    private void Forget(IEnumerable<Quota> quotas)
    {
        foreach (var quota in quotas)
            _taken.Remove(quota);
    }

    private IEnumerable<Quota> OfAddress(Client client, ThrottleRule rule) =>
        IsCounted(client) ? [new Quota(rule, $"{client.Address}")] : [];

    private bool IsCounted(Client client) => Rules.Counts(client.Address);
}
