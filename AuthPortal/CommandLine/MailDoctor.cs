using System.Globalization;
using System.Net.Sockets;

namespace AuthPortal.CommandLine;

/// <summary>Whether a mail server is named, and answers.</summary>
internal static class MailDoctor
{
    private const int SubmissionPort = 587;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static async Task<Finding> LookAsync(IConfiguration configuration)
    {
        if (configuration["Mail:Host"] is not { Length: > 0 } host)
            return Finding.Skipped("mail", "Mail__Host is not set: no mail is sent");
        var port = int.TryParse(configuration["Mail:Port"], CultureInfo.InvariantCulture, out var set)
            ? set
            : SubmissionPort;
        using var limit = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(host, port, limit.Token);
            return Finding.Ok("mail", $"{host}:{port} takes connections");
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return Finding.Wrong("mail", $"{host}:{port} can't be reached: check Mail__Host and Mail__Port.");
        }
    }
}
