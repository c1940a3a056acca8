using AuthPortal.Database;
using AuthPortal.Web;
using Microsoft.Extensions.Options;

namespace AuthPortal.Mail;

/// <summary>
/// Where the portal writes to people. Inside <see cref="Db.InTransactionAsync"/> a letter is kept or dropped with
/// what caused it; it leaves later, so no request ever waits for a mail server.
/// </summary>
internal sealed class Outbox(
    OutboxStore store, LetterRenderer renderer, OutboxSignal signal, IOptions<MailOptions> options, Db db)
{
    /// <param name="to">The stored address, as typed by its owner.</param>
    /// <param name="name">Their name, as they chose it.</param>
    /// <param name="about">Whose account it is about: their deletion takes it along. Null for nobody's.</param>
    public Task AddAsync(string to, string name, Letter letter, Guid? about, CancellationToken ct) =>
        AddAsync(to, name, letter, about, isNotice: false, ct);

    /// <summary>A letter about something done to an account: it leaves even if the account is deleted before.</summary>
    public Task AddNoticeAsync(string to, string name, Letter letter, Guid about, CancellationToken ct) =>
        AddAsync(to, name, letter, about, isNotice: true, ct);

    /// <summary>
    /// Takes as long and sends nothing, so that nobody learns from an answer's time whether a letter was written.
    /// </summary>
    public Task PretendAsync(string to, string name, Letter letter, CancellationToken ct) =>
        store.PretendAsync(Written(to, name, letter), ct);

    /// <summary>
    /// Forgets what still waits about somebody; of notices, which go all the same, whom they are about.
    /// </summary>
    public Task EraseAsync(Guid userId, CancellationToken ct) => store.EraseAsync(userId, ct);

    private async Task AddAsync(
        string to, string name, Letter letter, Guid? about, bool isNotice, CancellationToken ct)
    {
        await store.AddAsync(Written(to, name, letter), about, isNotice, options.Value.IsKept, ct);
        db.AfterCommit(signal.Ring);
    }

    private OutgoingMail Written(string to, string name, Letter letter)
    {
        if (to.Any(char.IsControl) || letter.Subject.Any(char.IsControl))
            throw new ArgumentException("A line break in an address or a subject could forge a header.");

        var said = renderer.Say(letter);
        return new OutgoingMail(
            Guid.CreateVersion7(), to, ShownName(name), said.Subject, renderer.Text(said), renderer.Html(said));
    }

    /// <summary>
    /// Whoever signs up with another's address picks the name that our mail shows them: no address of a site in it.
    /// </summary>
    private static string ShownName(string name)
    {
        var shown = PlainText.Tame(name, 100) ?? "";
        string[] lures = ["://", "www.", "@"];
        return lures.Any(lure => shown.Contains(lure, StringComparison.OrdinalIgnoreCase)) ? "" : shown;
    }
}
