using System.Net;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace AuthPortal.Throttling;

/// <summary>
/// Every budget there is (ASVS 6.1.1). Section <c>Throttling</c>: each rule's <c>Burst</c> (1 to 100,000 at once) and
/// <c>Every</c> (until there is one more; more than nothing, at most a day).
/// </summary>
internal sealed class ThrottleOptions
{
    public const string Section = "Throttling";
    public const int LargestBurst = 100_000;
    public static readonly TimeSpan LongestEvery = TimeSpan.FromDays(1);
    public static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether what comes from this machine's own loopback network is counted by address. In Development it is not;
    /// elsewhere whoever comes from there is behind a proxy that nobody named in <c>Proxy:Known</c>.
    /// </summary>
    public bool CountLoopback { get; set; } = true;

    /// <summary>How long whoever is refused waits for the answer (<see cref="RefusalDelay"/>).</summary>
    public TimeSpan HoldRefused { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Wrong passwords for one account, by all devices that it was never used on.</summary>
    public ThrottleRule PasswordByAccount { get; } = new("password-by-account", 10, TimeSpan.FromMinutes(10));

    /// <summary>Wrong passwords for one account by one device it was used on, or in one of its sessions.</summary>
    public ThrottleRule PasswordByDevice { get; } = new("password-by-device", 10, TimeSpan.FromMinutes(10));

    /// <summary>
    /// Wrong passwords for one account over all its devices, sessions and strangers together: who signs in by a passkey
    /// has a new device each time. More than strangers and those who reset the password may use up by themselves.
    /// </summary>
    public ThrottleRule PasswordAtMost { get; } = new("password-at-most", 50, TimeSpan.FromMinutes(3));

    /// <summary>Wrong passwords from one address, for whatever accounts.</summary>
    public ThrottleRule PasswordByAddress { get; } = new("password-by-address", 50, TimeSpan.FromSeconds(10));

    /// <summary>Wrong passwords from one block: an IPv4 /24 or an IPv6 /64.</summary>
    public ThrottleRule PasswordByBlock { get; } = new("password-by-block", 150, TimeSpan.FromSeconds(4));

    /// <summary>Wrong codes for one account: whoever gives one has got past its password.</summary>
    public ThrottleRule SecondFactorByAccount { get; } = new("second-factor", 5, TimeSpan.FromMinutes(15));

    /// <summary>The same by one device the account was used on, or in one of its sessions.</summary>
    public ThrottleRule SecondFactorByDevice { get; } = new("second-factor-by-device", 5, TimeSpan.FromMinutes(15));

    /// <summary>
    /// The same over all of the account's devices, sessions and strangers together. More than strangers and those who
    /// reset the password may use up by themselves, so that they keep no device of its owner's from its share.
    /// </summary>
    public ThrottleRule SecondFactorAtMost { get; } = new("second-factor-at-most", 20, TimeSpan.FromMinutes(5));

    public ThrottleRule SignUpByAddress { get; } = new("sign-up-by-address", 30, TimeSpan.FromSeconds(30));

    public ThrottleRule SignUpByBlock { get; } = new("sign-up-by-block", 100, TimeSpan.FromSeconds(10));

    /// <summary>Letters asked for by typing an address: a reset, another confirmation.</summary>
    public ThrottleRule MailByAddress { get; } = new("mail-by-address", 20, TimeSpan.FromSeconds(30));

    /// <inheritdoc cref="MailByAddress"/>
    public ThrottleRule MailByBlock { get; } = new("mail-by-block", 60, TimeSpan.FromSeconds(10));

    /// <summary>Letters that one person asks for while signed in: to a new address, about a deletion.</summary>
    public ThrottleRule MailByAccount { get; } = new("mail-by-account", 5, TimeSpan.FromMinutes(10));

    /// <summary>Letters that others cause to one mailbox, by signing up with it or by changing to it.</summary>
    public ThrottleRule MailByMailbox { get; } = new("mail-by-mailbox", 5, TimeSpan.FromMinutes(10));

    /// <summary>Mailed links followed up by a form: nobody guesses one, and each is looked up.</summary>
    public ThrottleRule LinkByAddress { get; } = new("link-by-address", 30, TimeSpan.FromSeconds(10));

    /// <inheritdoc cref="LinkByAddress"/>
    public ThrottleRule LinkByBlock { get; } = new("link-by-block", 100, TimeSpan.FromSeconds(3));

    /// <summary>Wrong answers to challenges for passkeys. Nobody guesses one; what is spared is the database.</summary>
    public ThrottleRule PasskeyAnswer { get; } = new("passkey-answer", 30, TimeSpan.FromSeconds(2));

    /// <summary>Whatever one signed-in person changes: each writes an event or more.</summary>
    public ThrottleRule ChangesByPerson { get; } = new("changes-by-person", 100, TimeSpan.FromSeconds(2));

    /// <summary>Letters that tell of what one signed-in person does to their account.</summary>
    public ThrottleRule LettersByPerson { get; } = new("letters-by-person", 20, TimeSpan.FromMinutes(1));

    /// <summary>How often one signed-in person downloads all that is held about them.</summary>
    public ThrottleRule DownloadsByPerson { get; } = new("downloads-by-person", 5, TimeSpan.FromMinutes(1));

    /// <summary>GET requests of one signed-in person that ask the database.</summary>
    public ThrottleRule ReadsByPerson { get; } = new("reads-by-person", 60, TimeSpan.FromMilliseconds(200));

    /// <summary>
    /// Whatever changes something, from one block, on one instance and in its memory: far more than it can hash, and
    /// far less than would keep it from anything else.
    /// </summary>
    public ThrottleRule Flood { get; } = new("flood", 200, TimeSpan.FromMilliseconds(20));

    /// <summary>Whether there is a network at the other end that its sender can be told by.</summary>
    public bool Counts(IPAddress? address) =>
        address is not null && (CountLoopback || !IPAddress.IsLoopback(address));

    /// <summary>Every rule with the name of its setting.</summary>
    public IEnumerable<(string Setting, ThrottleRule Rule)> Rules() =>
        from property in typeof(ThrottleOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where property.PropertyType == typeof(ThrottleRule)
        select (property.Name, (ThrottleRule)property.GetValue(this)!);
}

internal sealed class ThrottleOptionsValidator : IValidateOptions<ThrottleOptions>
{
    public ValidateOptionsResult Validate(string? name, ThrottleOptions options)
    {
        if (options.HoldRefused < TimeSpan.Zero || options.HoldRefused > ThrottleOptions.LongestHold)
            return ValidateOptionsResult.Fail("Throttling__HoldRefused must be a time up to 00:00:05; 0 for none.");
        var odd = options.Rules().FirstOrDefault(rule => !IsSound(rule.Rule)).Setting;
        return odd is null
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"Throttling__{odd}__Burst must be from 1 to {ThrottleOptions.LargestBurst}, and "
                + $"Throttling__{odd}__Every a time up to a day, such as 00:10:00.");
    }

    private static bool IsSound(ThrottleRule rule) =>
        rule.Burst is >= 1 and <= ThrottleOptions.LargestBurst
        && rule.Every > TimeSpan.Zero && rule.Every <= ThrottleOptions.LongestEvery;
}
