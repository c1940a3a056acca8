namespace AuthPortal.Tests.Support;

/// <summary>A mail that waits in a portal's outbox, as all do where no <c>Mail:Host</c> is set.</summary>
internal sealed record WaitingMail(string ToAddress, string ToName, string Subject, string TextBody, string HtmlBody)
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

/// <summary>Reads other people's mail.</summary>
internal static class Mailbox
{
    /// <summary>What waits for an address, oldest first.</summary>
    public static Task<IReadOnlyList<WaitingMail>> MailToAsync(this Portal portal, string address) =>
        portal.ListAsync<WaitingMail>(
            "select to_address, to_name, subject, text_body, html_body from outbox where to_address = @address order by id",
            new { address });
}
