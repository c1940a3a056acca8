using AuthPortal.Database;

namespace AuthPortal.Mail;

/// <param name="Id">Time-ordered; the mail's Message-Id too.</param>
internal sealed record OutgoingMail(
    Guid Id, string ToAddress, string ToName, string Subject, string TextBody, string HtmlBody);

/// <summary>Owns <c>outbox</c>.</summary>
internal sealed class OutboxStore(Db db)
{
    private const string AddSql = """
        insert into outbox (id, to_address, to_name, subject, text_body, html_body)
        values (@Id, @ToAddress, @ToName, @Subject, @TextBody, @HtmlBody)
        """;

    public Task AddAsync(OutgoingMail mail, CancellationToken ct) => db.ExecuteAsync(AddSql, mail, ct);
}
