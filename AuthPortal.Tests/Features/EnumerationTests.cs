using System.Net;
using System.Text.RegularExpressions;
using AuthPortal.Tests.Support;
using Npgsql;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>Nobody learns from an answer, nor from the work behind it, whose address has an account.</summary>
public sealed partial class EnumerationTests(VerifyingPortal portal) : IClassFixture<VerifyingPortal>
{
    private readonly HttpClient _http = portal.Stranger();

    [Theory]
    [InlineData("/api/auth/sign-up/email")]
    [InlineData("/api/auth/request-password-reset")]
    [InlineData("/api/auth/send-verification-email")]
    public async Task Every_kind_of_address_gets_the_same_answer_for_the_same_work(string path)
    {
        await _http.GetAsync("/api/auth/ok"); // the portal is up before its statements are counted
        var answers = new List<string>();
        foreach (var email in await AddressesAsync())
        {
            var (answer, statements) = await AskAsync(path, email);
            answers.Add($"{answer}\n{string.Join('\n', statements.Order(StringComparer.Ordinal))}");
        }

        Assert.Single(answers.Distinct());
        Assert.StartsWith("200", answers[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/forgot-password", "Send the link")]
    [InlineData("/verify-email/resend", "Send the link again")]
    public async Task The_pages_answer_alike(string path, string button)
    {
        var answers = new List<string>();
        foreach (var email in await AddressesAsync())
        {
            var browser = portal.Browser();
            await browser.OpenAsync(path);
            await browser.SubmitAsync(button, ("Email", email));
            answers.Add($"{browser.Status} {browser.Text.Replace(email, "…", StringComparison.Ordinal)}");
        }

        Assert.Single(answers.Distinct());
    }

    [Fact]
    public async Task The_sign_up_page_answers_alike_and_sets_the_same_cookie()
    {
        var answers = new List<string>();
        foreach (var email in await AddressesAsync())
        {
            var browser = portal.Browser();
            await browser.OpenAsync("/sign-up");
            browser.Fill("Name", "Eve");
            browser.Fill("Email", email);
            browser.Fill("Password", Api.Password);
            using var request = browser.Request("Create account");
            request.Headers.Add("Cookie", browser.Response.Cookie("csrf")!.Split(';')[0]);
            var answer = await _http.SendAsync(request);
            answers.Add($"{answer.StatusCode} {answer.Header("Location")} "
                + Value().Replace(answer.Cookie("sign-up")!, m => $"={m.Length}"));
        }

        Assert.Single(answers.Distinct());
        Assert.StartsWith("Found /verify-email/resend", answers[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/auth/request-password-reset")]
    [InlineData("/api/auth/send-verification-email")]
    public async Task Of_many_who_ask_at_once_nobody_waits_for_a_row_that_only_an_account_has(string path)
    {
        var email = await SignUpAsync();
        await using var db = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(portal.Database) { Pooling = false }.ConnectionString);
        await db.OpenAsync();
        await using var first = await db.BeginTransactionAsync();
        await using var update = new NpgsqlCommand(
            "update users set sign_up_mailed_at = null where email_canonical = @email", db, first);
        update.Parameters.AddWithValue("email", email);
        await update.ExecuteNonQueryAsync();

        var asking = AskAsync(path, email);
        await Eventually.EndAsync("an answer while the account's row is locked", asking);
        var answer = await asking;

        Assert.StartsWith("200", answer.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_owner_of_a_taken_address_hears_of_it_and_their_account_stays_as_it_was()
    {
        var email = await SignUpAsync("update users set email_verified_at = now()");
        var hash = "select password_hash || name from users where email_canonical = @email";
        var before = await portal.ScalarAsync<string>(hash, new { email });

        var answer = await _http.SignUpAsync(email, "Eve", "eve's own password");

        Assert.Equal("Eve", (await answer.JsonAsync())["user"]!["name"]!.GetValue<string>());
        Assert.Null((await answer.JsonAsync())["token"]);
        Assert.Null(answer.Header("Set-Cookie"));
        Assert.Null(answer.Header("set-auth-token"));
        var mail = (await portal.MailToAsync(email))[^1];
        Assert.Equal("You have an account already", mail.Subject);
        Assert.Equal("/sign-in", mail.Link);
        Assert.Equal(before, await portal.ScalarAsync<string>(hash, new { email }));
    }

    [Fact]
    public async Task Nobody_without_an_account_and_nobody_disabled_gets_mail()
    {
        var addresses = await AddressesAsync();
        var before = await portal.ScalarAsync<int>("select count(*) from outbox");
        foreach (var email in (string[])[addresses[0], addresses[3]])
        {
            await AskAsync("/api/auth/request-password-reset", email);
            await AskAsync("/api/auth/send-verification-email", email);
        }

        Assert.Equal(before, await portal.ScalarAsync<int>("select count(*) from outbox"));
    }

    [Theory]
    [InlineData("/api/auth/request-password-reset")]
    [InlineData("/api/auth/send-verification-email")]
    public async Task Two_addresses_for_one_are_refused_and_nobody_is_mailed(string path)
    {
        var email = await SignUpAsync();
        var before = await portal.ScalarAsync<int>("select count(*) from outbox");
        object[] confusions =
        [
            new[] { email, "eve@example.com" }, $"{email},eve@example.com", $"{email}\neve@example.com",
            $"<{email}>", new { email }, 5, true,
        ];
        foreach (var confused in confusions)
        {
            var answer = await _http.PostAsync(path, new { email = confused });
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal("VALIDATION_ERROR", await answer.TextAsync("code"));
        }

        Assert.Equal(before, await portal.ScalarAsync<int>("select count(*) from outbox"));
    }

    /// <summary>Unknown, unverified, verified, disabled, without a password.</summary>
    private async Task<string[]> AddressesAsync()
    {
        string[] addresses =
        [
            Api.NewEmail(),
            await SignUpAsync(),
            await SignUpAsync("update users set email_verified_at = now()"),
            await SignUpAsync("update users set disabled_at = now()"),
            await SignUpAsync("update users set email_verified_at = now(), password_hash = null"),
        ];
        await portal.WaitForTheNextMailAsync();
        return addresses;
    }

    private async Task<string> SignUpAsync(string? then = null)
    {
        var email = Api.NewEmail();
        (await _http.SignUpAsync(email)).EnsureSuccessStatusCode();
        await portal.WaitForTheNextMailAsync();
        if (then is not null)
            await portal.ExecuteAsync($"{then} where email_canonical = @email", new { email });
        return email;
    }

    /// <returns>The answer without its date and what is random, and the statements that it took.</returns>
    private async Task<(string Answer, IReadOnlyList<string> Statements)> AskAsync(string path, string email)
    {
        using var counter = CommandCounter.OfRequests();
        var response = await _http.PostAsync(path, new { email, name = "Ada", password = Api.Password });
        var body = Varying().Replace(await response.Content.ReadAsStringAsync(), "…");
        var headers = string.Join(';', response.Headers.Where(h => h.Key != "Date").Select(h => $"{h.Key}={h.Value.First()}"));
        return (
            $"{(int)response.StatusCode} {headers} {response.Content.Headers.ContentType} "
                + body.Replace(email, "…", StringComparison.Ordinal),
            [.. counter.Statements.Select(Kind)]);
    }

    /// <summary>A letter to nobody counts as one.</summary>
    private static string Kind(string sql) =>
        sql.Contains("insert into outbox", StringComparison.Ordinal) ? "letter" : sql;

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f-]{27}|\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z")]
    private static partial Regex Varying();

    [GeneratedRegex("=[A-Za-z0-9._-]{20,}")]
    private static partial Regex Value();
}
