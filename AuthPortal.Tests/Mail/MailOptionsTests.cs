using AuthPortal.Mail;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthPortal.Tests.Mail;

/// <summary>A portal that can't send as it is told to says so before it serves.</summary>
public sealed class MailOptionsTests
{
    [Theory]
    [InlineData("Mail__Host", "Mail:Host", "smtp://mail.example.com")]
    [InlineData("Mail__Port", "Mail:Port", "0")]
    [InlineData("Mail__From", "Mail:From", null)]
    [InlineData("Mail__From", "Mail:From", "AuthPortal <no-reply@example.com>")]
    [InlineData("Mail__From", "Mail:From", "no-reply@example.com\r\nBcc: eve@example.com")]
    [InlineData("Mail__From", "Mail:From", "somebody")]
    [InlineData("Mail__FromName", "Mail:FromName", "Acme\r\nBcc: eve@example.com")]
    [InlineData("Mail__Password", "Mail:User", "portal")]
    [InlineData("Mail__Timeout", "Mail:Timeout", "1.00:00:00")]
    [InlineData("Mail__GiveUpAfter", "Mail:GiveUpAfter", "00:00:00")]
    [InlineData("Mail__PollEvery", "Mail:PollEvery", "00:00:00")]
    public void What_is_wrong_is_named(string named, string setting, string? value)
    {
        var sentence = Problem((setting, value));

        Assert.Contains(named, sentence, StringComparison.Ordinal);
        Assert.EndsWith(".", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_in_clear_is_refused_and_not_repeated()
    {
        var sentence = Problem(("Mail:Security", "None"), ("Mail:User", "portal"), ("Mail:Password", "hush-hush"));

        Assert.Contains("Mail__Security", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("hush-hush", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_host_nothing_else_is_needed()
    {
        using var portal = new Portal();
        Assert.False(Options(portal).IsConfigured);
    }

    private static string Problem(params (string Key, string? Value)[] settings)
    {
        using var portal = new Portal
        {
            Settings = { ["Mail:Host"] = "smtp.example.com", ["Mail:From"] = "no-reply@example.com" },
        };
        foreach (var (key, value) in settings)
            portal.Settings[key] = value;
        return string.Join(' ', Assert.Throws<OptionsValidationException>(() => Options(portal)).Failures);
    }

    private static MailOptions Options(Portal portal) =>
        OptionsOf.Read<MailOptions>(builder => builder.AddMail(), portal.Settings);
}
