using AuthPortal.Tests.Support;
using OtpNet;

namespace AuthPortal.Tests.SecondFactor;

/// <summary>An authenticator app that was set up from a page's words.</summary>
/// <param name="Key">As the page shows it.</param>
internal sealed record Phone(string Key, TimeProvider Clock)
{
    public static Phone SetUpFrom(PlainBrowser browser, TimeProvider clock) =>
        new(browser.Page.QuerySelector("code.key")!.TextContent, clock);

    public string Code => CodeAt(TimeSpan.Zero);

    /// <param name="later">From now.</param>
    public string CodeAt(TimeSpan later) =>
        new Totp(Base32Encoding.ToBytes(Key.Replace(" ", "", StringComparison.Ordinal)))
            .ComputeTotp((Clock.GetUtcNow() + later).UtcDateTime);

    /// <summary>A code of six digits that is none of those around now.</summary>
    public string WrongCode => Enumerable.Range(0, 1_000_000).Select(n => $"{n:000000}").First(code =>
        Enumerable.Range(-3, 7).All(step => CodeAt(step * TimeSpan.FromSeconds(30)) != code));
}
