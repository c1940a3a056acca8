using AuthPortal.Throttling;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features;

/// <summary>How often somebody may ask for what costs others something: an account, a letter, a look-up.</summary>
internal sealed class RequestLimits(Limits limits)
{
    private ThrottleOptions Rules => limits.Rules;

    /// <summary>Before the password is hashed; alike for free and taken addresses.</summary>
    /// <returns>Null where it may be tried.</returns>
    public Task<AuthError?> SignUpAsync(EmailAddress email, Client client, CancellationToken ct) => limits.TakeAsync(
        [
            new Quota(Rules.SignUpByEmail, email.Canonical),
            .. limits.OfNetwork(client, Rules.SignUpByAddress, Rules.SignUpByBlock),
        ],
        userId: null, client, ct);

    /// <summary>
    /// A letter to whatever address was typed. By its sender alone: whose mailbox it is, is written to once a minute at
    /// most, and no stranger may use up the way to a new password.
    /// </summary>
    /// <inheritdoc cref="SignUpAsync" path="/returns"/>
    public Task<AuthError?> LetterAsync(Client client, CancellationToken ct) => limits.TakeAsync(
        [.. limits.OfNetwork(client, Rules.MailByAddress, Rules.MailByBlock)], userId: null, client, ct);

    /// <summary>A letter that somebody who is signed in has sent, perhaps to an address that is not theirs.</summary>
    /// <inheritdoc cref="SignUpAsync" path="/returns"/>
    public Task<AuthError?> LetterAsync(Guid caller, Client client, CancellationToken ct) =>
        limits.TakeAsync([new Quota(Rules.MailByAccount, $"{caller}")], caller, client, ct);

    /// <summary>A form that follows a mailed link up.</summary>
    /// <inheritdoc cref="SignUpAsync" path="/returns"/>
    public Task<AuthError?> LinkAsync(Client client, CancellationToken ct) => limits.TakeAsync(
        [.. limits.OfNetwork(client, Rules.LinkByAddress, Rules.LinkByBlock)], userId: null, client, ct);

    /// <summary>A challenge for a passkey.</summary>
    /// <inheritdoc cref="SignUpAsync" path="/returns"/>
    public Task<AuthError?> PasskeyChallengeAsync(Client client, CancellationToken ct) =>
        limits.TakeAsync([.. limits.OfBlock(client, Rules.PasskeyChallenge)], userId: null, client, ct);

    /// <summary>The answer to one.</summary>
    /// <inheritdoc cref="SignUpAsync" path="/returns"/>
    public Task<AuthError?> PasskeyAnswerAsync(Client client, CancellationToken ct) =>
        limits.TakeAsync([.. limits.OfBlock(client, Rules.PasskeyAnswer)], userId: null, client, ct);
}
