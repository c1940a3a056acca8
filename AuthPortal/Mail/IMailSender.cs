namespace AuthPortal.Mail;

/// <summary>The way out to a mail server: one connection, for as long as it lives.</summary>
internal interface IMailSender : IAsyncDisposable
{
    /// <summary>Connects and signs in, unless that is done.</summary>
    Task OpenAsync(CancellationToken ct);

    /// <param name="ct">Asks it to hurry: a mail that is on its way is given a moment more.</param>
    Task SendAsync(OutgoingMail mail, CancellationToken ct);
}
