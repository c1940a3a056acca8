using AuthPortal.Mail;
using Microsoft.Extensions.Options;

namespace AuthPortal.CommandLine;

/// <summary>Whether the mail server is named, answers, is encrypted as demanded, and lets the portal in.</summary>
internal static class MailDoctor
{
    public static async Task<Finding> LookAsync(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<MailOptions>>().Value;
        if (!options.IsConfigured)
            return Finding.Skipped("mail", "Mail__Host is not set: no mail is sent");

        var server = $"{options.Host}:{options.Port}";
        await using var scope = services.CreateAsyncScope();
        try
        {
            await scope.ServiceProvider.GetRequiredService<IMailSender>().OpenAsync(CancellationToken.None);
        }
        catch (Exception e)
        {
            return Finding.Wrong("mail", $"{server} {MailFailure.InWords(e)}");
        }

        return options.Security == MailSecurity.None
            ? Finding.Warning("mail", $"{server} is ready, not encrypted: right on this machine alone")
            : Finding.Ok("mail", $"{server} is ready, encrypted{(options.User is null ? "" : ", and knows the user")}");
    }
}
