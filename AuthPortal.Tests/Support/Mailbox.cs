using AuthPortal.Mail;
using Microsoft.Extensions.DependencyInjection;

namespace AuthPortal.Tests.Support;

/// <summary>A mail that waits in a portal's outbox, as all do where no <c>Mail:Host</c> is set.</summary>
internal sealed record KeptMail(string ToAddress, string ToName, string Subject, string TextBody, string HtmlBody)
{
    /// <summary>The address its button opens; relative, as a test's client wants it.</summary>
    public string Link
    {
        get
        {
            var line = TextBody.Split('\n').Single(l => l.StartsWith("http", StringComparison.Ordinal));
            return new Uri(line).PathAndQuery;
        }
    }
}

/// <summary>Writes mail, and reads other people's.</summary>
internal static class Mailbox
{
    public static readonly Letter Letter = new(
        "Confirm your address",
        ["Somebody signed up with this address.", "Was it you?"],
        new LetterLink("Confirm", "https://portal.test/verify-email?token=a_b-c.d&x=1"),
        ["It wasn't you? Then do nothing."]);

    /// <summary>Has a portal write to somebody, as its features do.</summary>
    public static async Task WriteAsync(
        this Portal portal, string to, string name = "Ada", Letter? letter = null)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Outbox>().AddAsync(to, name, letter ?? Letter, null, default);
    }

    /// <summary>What waits for an address, oldest first.</summary>
    public static Task<IReadOnlyList<KeptMail>> MailToAsync(this Portal portal, string address) =>
        portal.ListAsync<KeptMail>(
            "select to_address, to_name, subject, text_body, html_body from outbox where to_address = @address order by created_at, id",
            new { address });
}
