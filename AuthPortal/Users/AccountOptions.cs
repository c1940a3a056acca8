using Microsoft.Extensions.Options;

namespace AuthPortal.Users;

/// <summary>What the portal asks of accounts. Section <c>Accounts</c>.</summary>
internal sealed class AccountOptions
{
    public const string Section = "Accounts";

    /// <summary>
    /// Whether an address must be confirmed before its account can be signed in to. Unset: yes, but in Development.
    /// </summary>
    public bool? RequireVerifiedEmail { get; set; }

    /// <summary>The same, decided.</summary>
    public bool MustVerify => RequireVerifiedEmail is true;

    /// <summary>The longest <see cref="DeleteAfter"/>.</summary>
    public static readonly TimeSpan LongestDeleteAfter = TimeSpan.FromDays(365);

    /// <summary>
    /// How long after its deletion an account is erased; until then signing in restores it. Zero: erased at once.
    /// </summary>
    public TimeSpan DeleteAfter { get; set; }

    /// <returns>
    /// When an account that is deleted now will be erased; null for at once. Not before a change of its address can no
    /// longer be undone, and not so soon after it was taken back: or an intruder could destroy what its owner is about
    /// to have again.
    /// </returns>
    public DateTimeOffset? EraseAt(User user, DateTimeOffset now)
    {
        var grace = now + DeleteAfter;
        var settled = user.UnsettledSince + UndoWindow.Length;
        var at = settled > grace ? settled.Value : grace;
        return at > now ? at : null;
    }

    /// <summary>Whether letters reach anybody; in Development they are kept and shown.</summary>
    public bool HasMail { get; internal set; }
}

/// <summary>Completes and checks the options at start.</summary>
internal sealed class AccountOptionsSetup(IHostEnvironment environment, IConfiguration configuration)
    : IPostConfigureOptions<AccountOptions>, IValidateOptions<AccountOptions>
{
    public void PostConfigure(string? name, AccountOptions options)
    {
        options.RequireVerifiedEmail ??= !environment.IsDevelopment();
        options.HasMail = environment.IsDevelopment() || !string.IsNullOrWhiteSpace(configuration["Mail:Host"]);
    }

    public ValidateOptionsResult Validate(string? name, AccountOptions options)
    {
        if (options.DeleteAfter < TimeSpan.Zero || options.DeleteAfter > AccountOptions.LongestDeleteAfter)
        {
            return ValidateOptionsResult.Fail(
                "Accounts__DeleteAfter must be from 00:00:00 (an account is erased as soon as it is deleted) to "
                + $"{AccountOptions.LongestDeleteAfter.Days}.00:00:00.");
        }

        return options.MustVerify && !options.HasMail
            ? ValidateOptionsResult.Fail(
                "Mail__Host is not set, and Accounts__RequireVerifiedEmail is on: nobody who signs up could sign in. "
                + "Set Mail__Host to your mail server, or Accounts__RequireVerifiedEmail to false.")
            : ValidateOptionsResult.Success;
    }
}
