using AuthPortal.Throttling;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features;

/// <summary>How often somebody may ask for what costs others something: an account, a letter, a look-up.</summary>
internal sealed class RequestLimits(Limits limits)
{
    private ThrottleOptions Rules => limits.Rules;

    /// <summary>Before the password is hashed; whatever address it is for, or a stranger could use that up.</summary>
    /// <returns>Null where it may be tried.</returns>
    public Task<AuthError?> SignUpAsync(Client client, CancellationToken ct) => limits.TakeAsync(
        [.. limits.OfNetwork(client, Rules.SignUpByAddress, Rules.SignUpByBlock)], userId: null, client, ct);

    /// <summary>Whether the mailbox that somebody signed up with may have one more letter about it.</summary>
    public async Task<bool> MayWriteToAsync(EmailAddress email, Client client, CancellationToken ct) =>
        await limits.TakeAsync([OfMailbox(email.Canonical)], userId: null, client, ct) is null;

    /// <summary>
    /// A letter to whatever address was typed. By its sender alone: whose mailbox it is, is written to once a minute at
    /// most, and no stranger may use up the way to a new password.
    /// </summary>
    /// <inheritdoc cref="SignUpAsync" path="/returns"/>
    public Task<AuthError?> LetterAsync(Client client, CancellationToken ct) => limits.TakeAsync(
        [.. limits.OfNetwork(client, Rules.MailByAddress, Rules.MailByBlock)], userId: null, client, ct);

    /// <summary>
    /// A letter that somebody who is signed in has sent, perhaps to an address that is not theirs. Strangers' sign-ups
    /// with that address count apart: they stop nobody who moves to it, and nobody learns of them.
    /// </summary>
    /// <inheritdoc cref="SignUpAsync" path="/returns"/>
    public Task<AuthError?> LetterAsync(Guid caller, EmailAddress to, Client client, CancellationToken ct) =>
        limits.TakeAsync(
            [new Quota(Rules.MailByAccount, $"{caller}"), OfMailbox($"change {to.Canonical}")], caller, client, ct);

    /// <summary>A form that follows a mailed link up.</summary>
    /// <inheritdoc cref="SignUpAsync" path="/returns"/>
    public Task<AuthError?> LinkAsync(Client client, CancellationToken ct) => limits.TakeAsync(
        [.. limits.OfNetwork(client, Rules.LinkByAddress, Rules.LinkByBlock)], userId: null, client, ct);

    /// <summary>The answer to a passkey's challenge.</summary>
    /// <inheritdoc cref="SignUpAsync" path="/returns"/>
    public Task<AuthError?> PasskeyAnswerAsync(Client client, CancellationToken ct) =>
        limits.TakeAsync([.. OfPasskeys(client)], userId: null, client, ct);

    /// <summary>It was right, which costs nobody in the neighbourhood anything.</summary>
    public void GiveBackPasskeyAnswer(Client client) => limits.GiveBackLater([.. OfPasskeys(client)]);

    private IEnumerable<Quota> OfPasskeys(Client client) => limits.OfBlock(client, Rules.PasskeyAnswer);

    private Quota OfMailbox(string subject) => new(Rules.MailByMailbox, subject);
}
