using System.Text.RegularExpressions;
using AuthPortal.Tests.Support;
using Npgsql;

namespace AuthPortal.Tests.Conformance;

/// <summary>The mail that a portal without a mail server keeps: what links were sent to whom.</summary>
internal sealed partial class Mailbox(string database)
{
    // What a link's path holds, by what Better Auth calls the mail.
    private static readonly Dictionary<string, string> Paths = new()
    {
        ["verify-email"] = "verify-email",
        ["change-email"] = "(?:verify|change|confirm)-email",
        ["confirm-change"] = "confirm-change",
        ["reset-password"] = "reset-password",
        ["delete-user"] = "delete",
    };

    /// <summary>The same, once it is there: some mails are written after the answer that tells of them.</summary>
    public async Task<string?> AwaitTokenAsync(string kind, string address)
    {
        string? token = null;
        await Eventually.IsTrueAsync(
            async () => (token = await TokenAsync(kind, address)) is not null, within: TimeSpan.FromSeconds(2));
        return token;
    }

    /// <param name="kind">One of Better Auth's kinds, such as <c>reset-password</c>.</param>
    /// <returns>The token in the newest such link mailed to that address; null where there is none.</returns>
    public async Task<string?> TokenAsync(string kind, string address) =>
        (from text in await TextsAsync(address)
         from Match link in Link().Matches(text)
         where Regex.IsMatch(link.Value, $"/{Paths[kind]}[^/]*")
         select link.Groups["token"].Value).FirstOrDefault();

    /// <summary>The texts of the mails to an address, the newest first.</summary>
    private async Task<List<string>> TextsAsync(string address)
    {
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(database) { Pooling = false });
        await using var command = source.CreateCommand(
            "select text_body from outbox where lower(to_address) = lower($1) order by id desc");
        command.Parameters.Add(new NpgsqlParameter { Value = address });
        var texts = new List<string>();
        try
        {
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                texts.Add(reader.GetString(0));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // This portal writes no mail.
        }

        return texts;
    }

    [GeneratedRegex(@"https?://\S+?(?:[?&#]token=|/reset-password/)(?<token>[\w.~-]+)")]
    private static partial Regex Link();
}
