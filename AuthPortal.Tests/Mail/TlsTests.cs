using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Mail;

/// <summary>Mail, and the password for sending it, go to the right server and nobody else.</summary>
public sealed class TlsTests(Portal author) : IClassFixture<Portal>
{
    [Fact]
    public async Task With_a_trusted_certificate_it_signs_in_over_tls_and_sends()
    {
        using var certificate = Certificates.ForLoopback();
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.pem");
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem());
        await using var sink = SmtpSink.Start(certificate: certificate);
        var settings = StartTls(sink, "__");
        settings["SSL_CERT_FILE"] = file;
        await using var portal = await PortalProcess.StartAndWaitAsync(author.Database, settings);

        await author.WriteAsync("ada@example.com");
        var mail = Assert.Single(await sink.WaitForAsync(1));

        Assert.True(mail.IsEncrypted);
        Assert.Equal("portal:hush-hush", mail.User);
        Assert.True(await author.OutboxEmptiesAsync());
        File.Delete(file);
    }

    [Fact]
    public async Task With_any_other_certificate_it_says_nothing_and_waits()
    {
        using var certificate = Certificates.ForLoopback();
        await using var sink = SmtpSink.Start(certificate: certificate);

        await RefusesAsync(StartTls(sink), "TLS failed, or the certificate is not trusted");
        Assert.Empty(sink.Received);
    }

    [Fact]
    public async Task A_server_that_denies_starttls_gets_no_mail_in_clear()
    {
        await using var sink = SmtpSink.Start();

        await RefusesAsync(StartTls(sink), "offers no STARTTLS, or no way to sign in");
        Assert.Empty(sink.Received);
    }

    private async Task RefusesAsync(Dictionary<string, string?> settings, string reason)
    {
        await using var portal = author.Sibling(other =>
        {
            foreach (var (key, value) in settings)
                other.Settings[key] = value;
        });
        await portal.WriteAsync("ada@example.com");

        Assert.True(await Eventually.IsTrueAsync(
            async () => await author.ScalarAsync<string>("select max(last_error) from outbox") == reason,
            TimeSpan.FromSeconds(30)));
        await portal.DisposeAsync();
        await author.ExecuteAsync("delete from outbox");
    }

    private static Dictionary<string, string?> StartTls(SmtpSink sink, string separator = ":")
    {
        var settings = sink.Settings(separator);
        settings[$"Mail{separator}Security"] = "StartTls";
        settings[$"Mail{separator}User"] = "portal";
        settings[$"Mail{separator}Password"] = "hush-hush";
        return settings;
    }
}
