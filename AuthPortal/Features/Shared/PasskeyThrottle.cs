using AuthPortal.Passwords;
using AuthPortal.Throttling;
using AuthPortal.Web;

namespace AuthPortal.Features;

/// <summary>
/// How often a passkey may be tried from one neighbourhood of the network. Nobody guesses one; what is spared is the
/// database, which every try reads and the log of it writes.
/// </summary>
internal sealed class PasskeyThrottle(Throttle throttle)
{
    private static readonly ThrottleRule Challenges =
        new("passkey-challenge", Burst: 60, Every: TimeSpan.FromSeconds(1)); // a page that offers them asks for one

    private static readonly ThrottleRule Answers =
        new("passkey-answer", Burst: 30, Every: TimeSpan.FromSeconds(2));

    /// <returns>Null where a challenge may be made.</returns>
    public Task<AuthError?> BeginAsync(Client client, CancellationToken ct) => TakeAsync(Challenges, client, ct);

    /// <returns>Null where the answer to one may be looked at.</returns>
    public Task<AuthError?> AnswerAsync(Client client, CancellationToken ct) => TakeAsync(Answers, client, ct);

    private async Task<AuthError?> TakeAsync(ThrottleRule rule, Client client, CancellationToken ct)
    {
        if (client.Address is null)
            return null; // a socket of this machine, and no network
        var block = AddressBlock.Of(client.Address);
        return await throttle.TakeAsync(rule, $"{block.Family} {block.Prefix:x}", ct) is { } wait
            ? AuthErrors.TooManyRequests(wait)
            : null;
    }
}
