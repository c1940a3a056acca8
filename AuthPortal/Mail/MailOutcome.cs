using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Web;
using Microsoft.Extensions.Options;

namespace AuthPortal.Mail;

/// <summary>What follows from an attempt: a mail goes, waits for another one, or is given up.</summary>
internal sealed class MailOutcome(
    OutboxStore store, AuditStore audit, Db db, MailMeter meter, IOptions<MailOptions> options)
{
    // A server that is away is asked again soon; one that refuses a mail need not be pestered.
    private static readonly TimeSpan LongestPauseOfServer = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestPauseOfMail = TimeSpan.FromHours(1);
    private const int Tries = 4;

    public async Task SentAsync(OutgoingMail mail)
    {
        meter.Sent();
        for (var tries = 1; ; tries++)
        {
            try
            {
                await store.RemoveAsync(mail, CancellationToken.None);
                return;
            }
            catch (DatabaseUnavailableException) when (tries < Tries)
            {
                // Deleting it twice does no harm, and not deleting it sends it twice.
            }
        }
    }

    // No refusal is final before its time, not even 550: relays that are set up wrongly answer so to every mail.
    public Task FailedAsync(OutgoingMail mail, Exception failure) =>
        PostponeAsync(mail, failure, LongestPauseOfMail);

    public Task NotTriedAsync(OutgoingMail mail, Exception serverFailure) =>
        PostponeAsync(mail, serverFailure, LongestPauseOfServer);

    /// <summary>Parts with what is too old; who watches the portal hears of it.</summary>
    /// <returns>How many those were.</returns>
    public async Task<int> GiveUpOldAsync(CancellationToken ct)
    {
        IReadOnlyList<AbandonedMail> abandoned = [];
        await db.InTransactionAsync(
            async () =>
            {
                abandoned = await store.AbandonAsync(options.Value.GiveUpAfter, options.Value.IsConfigured, ct);
                foreach (var mail in abandoned)
                    await audit.RecordAsync(Event(mail), ct);
            },
            ct);
        foreach (var _ in abandoned)
            meter.GivenUp();
        return abandoned.Count;
    }

    /// <summary>Looks at what is left; who watches the portal hears how much that is.</summary>
    /// <returns>How long until a mail is due; null where none will be.</returns>
    public async Task<TimeSpan?> LookAheadAsync(CancellationToken ct)
    {
        var (waiting, untilNext) = await store.LookAheadAsync(ct);
        meter.Waiting(waiting);
        return untilNext;
    }

    private Task PostponeAsync(OutgoingMail mail, Exception failure, TimeSpan longest)
    {
        var pause = options.Value.PollEvery * Math.Pow(2, Math.Min(mail.Attempts - 1, 20));
        // A quarter more or less, so that what failed together does not return together.
        var spread = 0.75 + (Random.Shared.NextDouble() / 2);
        return store.PostponeAsync(
            mail,
            (pause < longest ? pause : longest) * spread,
            MailFailure.InWords(failure),
            CancellationToken.None); // the attempt was made, whoever asks to stop now
    }

    private static AuditEvent Event(AbandonedMail mail) => new(
        AuditTypes.MailGivenUp,
        userId: null,
        sessionId: null,
        new Client(null, null),
        ("mail", $"{mail.Id}"),
        ("attempts", $"{mail.Attempts}"),
        ("reason", mail.LastError ?? "no mail server is configured"));
}
