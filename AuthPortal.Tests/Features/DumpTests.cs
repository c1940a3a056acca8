using System.Text.RegularExpressions;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>What whoever has a copy of the database has: nothing that opens an account (ASVS 11.4.2, 6.5.2).</summary>
public sealed partial class DumpTests(UnpolledPortal portal) : IClassFixture<UnpolledPortal>
{
    [Fact]
    public async Task A_dump_holds_no_password_no_token_no_code_and_no_key()
    {
        var (ada, grace) = (await portal.NewPersonAsync(), await portal.NewPersonAsync("Grace"));
        var app = await ada.Http.TurnOnAsync(portal.Time.GetUtcNow());
        await portal.Stranger().SignInAsync(grace.Email, "another battery staple");

        var rows = string.Join('\n', (await portal.SnapshotAsync()).SelectMany(table => table.Value));
        var dump = MailedToken().Replace(rows, ""); // until it is mailed, a link stands in the outbox (docs/security.md)

        Assert.Contains(ada.Email, dump, StringComparison.Ordinal); // it is read at all
        string[] secrets =
        [
            Api.Password, "another battery staple", Portal.Secret, app.Secret, .. app.RecoveryCodes,
            .. app.RecoveryCodes.Select(code => code.Replace("-", "", StringComparison.Ordinal)), "eyJ",
        ];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, dump, StringComparison.OrdinalIgnoreCase));

        var hashes = await portal.ListAsync<string>("select password_hash from users");
        Assert.Equal(hashes.Count, hashes.Distinct().Count());
        Assert.All(hashes, hash => Assert.Matches(@"^bcrypt-hmac-sha384:.*\$2[ab]\$[0-9]{2}\$", hash));
    }

    [GeneratedRegex(@"(?<=[?&]token=)[\w.-]+")]
    private static partial Regex MailedToken();
}
