using Microsoft.Extensions.Options;

namespace AuthPortal.Mail;

/// <param name="Claimed">How many mails were due and nobody else's.</param>
/// <param name="ServerFailure">Why the server can't be used at all; null where it can.</param>
internal readonly record struct Delivered(int Claimed, Exception? ServerFailure);

/// <summary>Sends one batch of what is due, over one connection.</summary>
internal sealed class OutboxDelivery(
    OutboxStore store, IMailSender sender, MailOutcome outcome, IOptions<MailOptions> options, TimeProvider clock)
{
    private const int Limit = 20;

    public async Task<Delivered> DeliverAsync(CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        var batch = await store.ClaimAsync(Limit, options.Value.Lease, ct);
        Exception? serverFailure = null;
        var failed = false;
        foreach (var mail in batch)
        {
            // Half of the lease for beginning: the other half is more than the last one can take.
            var isTime = !ct.IsCancellationRequested && clock.GetElapsedTime(started) < options.Value.Lease / 2;
            if (isTime)
                serverFailure ??= await OpenAsync(ct);
            if (!isTime || ct.IsCancellationRequested)
                await store.ReleaseAsync(mail, CancellationToken.None);
            else if (serverFailure is not null)
                await outcome.NotTriedAsync(mail, serverFailure);
            else
                failed |= !await SendAsync(mail, ct);
        }

        if (failed || serverFailure is not null)
            await outcome.GiveUpOldAsync(ct);
        return new Delivered(batch.Count, serverFailure);
    }

    private async Task<Exception?> OpenAsync(CancellationToken ct)
    {
        try
        {
            await sender.OpenAsync(ct);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private async Task<bool> SendAsync(OutgoingMail mail, CancellationToken ct)
    {
        try
        {
            await sender.SendAsync(mail, ct);
        }
        catch (Exception e)
        {
            await outcome.FailedAsync(mail, e);
            return false;
        }

        await outcome.SentAsync(mail);
        return true;
    }
}
