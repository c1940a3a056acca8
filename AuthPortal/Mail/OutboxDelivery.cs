using Microsoft.Extensions.Options;

namespace AuthPortal.Mail;

/// <param name="Claimed">How many mails were due and nobody else's.</param>
/// <param name="ServerFailure">Why the server can't be used at all; null where it can.</param>
/// <param name="BeganWithLink">Whether the first of them was a link.</param>
internal readonly record struct Delivered(int Claimed, Exception? ServerFailure, bool BeganWithLink);

/// <summary>
/// Sends one batch of what is due, over one connection. What a slow server leaves no time for is given back.
/// </summary>
internal sealed class OutboxDelivery(
    OutboxStore store, IMailSender sender, MailOutcome outcome, IOptions<MailOptions> options, TimeProvider clock)
{
    private const int Limit = 20;

    // What is more urgent than the rest of a batch, and came meanwhile, waits no longer for a slow server.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <param name="noticesFirst">Whether it is a notice's turn; a slow server takes but the first of a batch.</param>
    public async Task<Delivered> DeliverAsync(bool noticesFirst, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        var batch = await store.ClaimAsync(Limit, options.Value.Lease, noticesFirst, ct);
        Exception? serverFailure = null;
        var failed = false;
        foreach (var (index, mail) in batch.Index())
        {
            // Half of the lease for beginning: the other half is more than the last one can take.
            var elapsed = clock.GetElapsedTime(started);
            var isTime = !ct.IsCancellationRequested && elapsed < options.Value.Lease / 2
                && (index == 0 || serverFailure is not null || elapsed < Longest);
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
        return new Delivered(batch.Count, serverFailure, batch is [{ IsNotice: false }, ..]);
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
