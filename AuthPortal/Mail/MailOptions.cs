using Microsoft.Extensions.Options;
using MimeKit;

namespace AuthPortal.Mail;

internal enum MailSecurity
{
    /// <summary>Plain at first, then TLS, or nothing is sent.</summary>
    StartTls,

    /// <summary>TLS from the first byte, as on port 465.</summary>
    Tls,

    None,
}

/// <summary>Through which server mail leaves. Section <c>Mail</c>.</summary>
internal sealed class MailOptions
{
    public const string Section = "Mail";

    /// <summary>
    /// Unset, nothing is sent: letters wait in the outbox; in Development they are shown at <c>/dev/mail</c>.
    /// </summary>
    public string? Host { get; set; }

    public int Port { get; set; } = 587;

    public MailSecurity Security { get; set; }

    public string? User { get; set; }

    public string? Password { get; set; }

    /// <summary>The address that mail comes from.</summary>
    public string? From { get; set; }

    /// <summary>Unset, the brand's.</summary>
    public string FromName { get; set; } = "";

    /// <summary>How long connecting, and then each mail, may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How old a mail that can't be sent gets.</summary>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(2);

    /// <summary>How soon to look for what another instance left behind; less often while there is nothing.</summary>
    public TimeSpan PollEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// In Development without a server, mail is shown and never sent: not even by a server that is set later.
    /// </summary>
    public bool IsKept { get; private set; }

    public bool IsConfigured => !string.IsNullOrWhiteSpace(Host);

    /// <summary>
    /// How long a claimed mail is nobody else's: twice the longest that its claimer may still be busy with it.
    /// </summary>
    public TimeSpan Lease => Timeout * 8;

    public void KeepUnlessConfigured(bool isDevelopment) => IsKept = isDevelopment && !IsConfigured;
}

internal sealed class MailOptionsValidator : IValidateOptions<MailOptions>
{
    public ValidateOptionsResult Validate(string? name, MailOptions options) =>
        (Problem(options) ?? (options.IsConfigured ? ProblemOfServer(options) : null)) is { } problem
            ? ValidateOptionsResult.Fail(problem)
            : ValidateOptionsResult.Success;

    private static string? Problem(MailOptions options)
    {
        if (options.FromName.Length is 0 or > 100 || options.FromName.Any(char.IsControl))
            return "Mail__FromName must be one line of 1 to 100 characters.";
        if (options.Timeout < TimeSpan.FromSeconds(0.1) || options.Timeout > TimeSpan.FromMinutes(5))
            return "Mail__Timeout must be from 00:00:00.1 to 00:05:00.";
        if (options.GiveUpAfter <= TimeSpan.Zero || options.GiveUpAfter > TimeSpan.FromDays(30))
            return "Mail__GiveUpAfter must be a time up to 30 days, such as 2.00:00:00.";
        return options.PollEvery < TimeSpan.FromSeconds(0.1) || options.PollEvery > TimeSpan.FromMinutes(1)
            ? "Mail__PollEvery must be from 00:00:00.1 to 00:01:00."
            : null;
    }

    private static string? ProblemOfServer(MailOptions options)
    {
        if (Uri.CheckHostName(options.Host) == UriHostNameType.Unknown)
            return $"Mail__Host is \"{options.Host}\": it must be a host name alone, such as smtp.example.com.";
        if (options.Port is < 1 or > 65535)
            return "Mail__Port must be from 1 to 65535; 587 is usual, and 465 with Mail__Security=Tls.";
        if (!MailboxAddress.TryParse(options.From, out var from) || from.Address != options.From || from.Domain is "")
            return "Mail__From must be the address that mail comes from, such as no-reply@example.com.";
        if (string.IsNullOrEmpty(options.User) != string.IsNullOrEmpty(options.Password))
            return "Mail__User and Mail__Password belong together: set both, or neither.";
        var isInClear = options.Security == MailSecurity.None && !IsLoopback(options.Host!);
        return isInClear && !string.IsNullOrEmpty(options.User)
            ? "Mail__Security is None: the password would cross the network in clear. Use StartTls or Tls."
            : null;
    }

    private static bool IsLoopback(string host) => new UriBuilder("smtp", host).Uri.IsLoopback;
}
