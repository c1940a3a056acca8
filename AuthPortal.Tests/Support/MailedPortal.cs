namespace AuthPortal.Tests.Support;

/// <summary>A portal that believes in a mail server which is not there: what it writes waits in its outbox.</summary>
public class MailedPortal : Portal
{
    public MailedPortal()
    {
        Settings["Mail:Host"] = "127.0.0.1";
        Settings["Mail:Port"] = "1";
        Settings["Mail:From"] = "portal@example.com";
    }

    /// <summary>Has the portal forget when it last wrote to anybody, as a minute's wait would.</summary>
    public Task WaitForTheNextMailAsync() =>
        this.ExecuteAsync(
            """
            update users
               set sign_up_mailed_at = null, reset_mailed_at = null, program_reset_mailed_at = null,
                   deletion_mailed_at = null
            """);

    /// <summary>Has the portal mail somebody a link to a new password, as soon as that may be.</summary>
    /// <param name="http">Who asks for it; null for a client of its own.</param>
    internal async Task<string> MailResetLinkAsync(string email, HttpClient? http = null)
    {
        await WaitForTheNextMailAsync();
        await (http ?? Stranger()).PostAsync("/api/auth/request-password-reset", new { email });
        return (await this.MailToAsync(email)).Last(mail => mail.Subject == "Choose a new password").Link;
    }
}

/// <summary>The same, where nobody signs in before their address is confirmed.</summary>
public sealed class VerifyingPortal : MailedPortal
{
    public VerifyingPortal() => Settings["Accounts:RequireVerifiedEmail"] = "true";
}
