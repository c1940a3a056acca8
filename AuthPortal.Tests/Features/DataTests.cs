using System.Net;
using System.Text.Json.Nodes;
using AuthPortal.Tests.Support;
using AuthPortal.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>What is kept about people: they get all of it, and when they go nothing stays.</summary>
public sealed class DataTests(Portal portal) : IClassFixture<Portal>
{
    internal const string TablesOfPeople = """
        select distinct table_name::text
          from information_schema.columns
         where table_schema = 'public' and column_name = 'user_id'
        """;

    [Fact]
    public async Task The_download_holds_every_row_about_its_person_and_none_about_another()
    {
        var (ada, grace) = (await portal.NewPersonAsync(), await portal.NewPersonAsync("Grace"));
        await portal.Stranger().PostAsync("/api/auth/sign-out", await portal.SignInAgainAsync(ada));
        await AskByMailAsync(ada);

        var response = await ada.Http.GetAsync("/account/data?handler=Download");

        Assert.Equal("attachment", response.Content.Headers.ContentDisposition?.DispositionType);
        Assert.True(response.Headers.CacheControl?.NoStore);
        var text = await response.Content.ReadAsStringAsync();
        var data = JsonNode.Parse(text)!;
        foreach (var table in await portal.ListAsync<string>(TablesOfPeople))
        {
            var rows = await portal.ScalarAsync<int>(
                $"select count(*)::int from {table} where user_id = @Id", new { ada.Id });
            Assert.Equal(rows, data[table]?.AsArray().Count);
        }

        Assert.Equal(ada.Email, Assert.Single(data["users"]!.AsArray())!["email"]!.GetValue<string>());
        Assert.Single(data["outbox"]!.AsArray());
        Assert.Single(data["revocations"]!.AsArray());
        Assert.NotEmpty(data["audit_details"]!.AsArray());
        foreach (var (table, rows) in await portal.SnapshotAsync())
        {
            // A row of a table without a user_id may be about somebody all the same: by an address, say.
            var about = rows.Count(row => row.Contains(ada.Email, StringComparison.OrdinalIgnoreCase)
                || row.Contains(ada.Id.ToString(), StringComparison.Ordinal));
            Assert.Equal(about, data[table]?.AsArray().Count ?? 0);
        }

        Assert.DoesNotContain(grace.Id.ToString(), text, StringComparison.Ordinal);
        Assert.DoesNotContain(grace.Email, text, StringComparison.Ordinal);
        foreach (var secret in (string[])["$2a$", "salt", "token=", "_body"])
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_account_leaves_no_row_but_the_bare_id_among_the_revocations()
    {
        var (browser, other) = (portal.Browser(), await portal.NewPersonAsync("Grace"));
        var email = await browser.SignUpAsync();
        var phone = SessionCookies.Of(await portal.Stranger().SignInAsync(email));
        var id = await portal.ScalarAsync<Guid>("select id from users where email = @email", new { email });
        var events = await portal.ScalarAsync<long>("select count(*) from audit_events");
        await browser.OpenAsync("/account/data");

        await browser.SubmitAsync(
            "Delete my account", ("Type your email address", email.ToUpperInvariant()), ("Current password", Api.Password));

        Assert.Equal("Your account is deleted", browser.Heading);
        Assert.False(browser.IsSignedIn());
        var http = portal.Stranger();
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/me", phone)).StatusCode);
        var renewal = await http.GetAsync("/api/me", phone with { Access = null });
        Assert.Equal(HttpStatusCode.Unauthorized, renewal.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.SignInAsync(email)).StatusCode);
        Assert.Equal("Your account is deleted", Assert.Single(await portal.MailToAsync(email)).Subject);
        foreach (var table in await portal.ListAsync<string>(TablesOfPeople))
        {
            var rows = await portal.ScalarAsync<long>($"select count(*) from {table} where user_id = @id", new { id });
            Assert.Equal(table == "revocations" ? 1 : 0, rows);
        }

        Assert.Equal(0, await portal.ScalarAsync<long>("select count(*) from users where id = @id", new { id }));
        Assert.True(await portal.ScalarAsync<long>("select count(*) from audit_events") > events);
        Assert.Equal(HttpStatusCode.OK, (await other.Http.GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.SignUpAsync(email)).StatusCode);
    }

    [Fact]
    public async Task What_waited_to_be_mailed_goes_with_the_account_and_at_last_the_bare_id_too()
    {
        await using var patient = new PatientPortal();
        await patient.InitializeAsync();
        var (name, newer) = ($"Ada {Guid.NewGuid():N}", Api.NewEmail());
        var ada = await patient.NewPersonAsync(name);
        var http = patient.Stranger();
        await http.PostAsync("/api/auth/request-password-reset", new { email = ada.Email });
        await http.SendAsync(HttpMethod.Post, "/api/auth/change-email", ada.AccessToken, new { newEmail = newer });
        await http.PostAsync("/api/auth/sign-out", await patient.SignInAgainAsync(ada));
        Assert.Equal(
            ["audit_details", "outbox", "revocations", "users"], await patient.TablesThatMentionAsync(ada.Id.ToString()));

        var deleted = await http.SendAsync(
            HttpMethod.Post, "/api/auth/delete-user", ada.AccessToken, new { password = Api.Password });

        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        Assert.Equal(["revocations"], await patient.TablesThatMentionAsync(ada.Id.ToString()));
        Assert.Empty(await patient.TablesThatMentionAsync(newer));
        Assert.Equal(
            ["A change of your email address was asked for", "Your account is deleted"], // notices outlive the account
            (await patient.MailToAsync(ada.Email)).Select(mail => mail.Subject));
        await patient.ExecuteAsync("delete from outbox"); // they are sent
        Assert.Empty(await patient.TablesThatMentionAsync(ada.Email));
        Assert.Empty(await patient.TablesThatMentionAsync(name));

        patient.Time.Advance(TimeSpan.FromDays(30) + TimeSpan.FromMinutes(61));
        await patient.Services.GetRequiredService<RevocationWatch>().LoadAsync(null, CancellationToken.None);
        Assert.Empty(await patient.TablesThatMentionAsync(ada.Id.ToString()));
        await ((IAsyncLifetime)patient).DisposeAsync();
    }

    [Fact]
    public async Task Without_the_password_and_the_address_nothing_is_deleted()
    {
        var browser = portal.Browser();
        var email = await browser.SignUpAsync();
        await browser.OpenAsync("/account/data");

        await DeleteAsync(browser, "grace@example.com", Api.Password);
        Assert.StartsWith("This is not the address", browser.ProblemOf("Type your email address"), StringComparison.Ordinal);
        await DeleteAsync(browser, email, "not my password");
        Assert.NotEqual("", browser.ProblemOf("Current password"));
        await DeleteAsync(browser, "", "");
        Assert.NotEqual("", browser.Summary);

        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().SignInAsync(email)).StatusCode);
    }

    [Fact]
    public async Task A_program_deletes_by_password_alone()
    {
        var ada = await portal.NewPersonAsync();

        var wrong = await PostAsync(ada, new { password = "not the password" });
        Assert.Equal("INVALID_PASSWORD", await wrong.TextAsync("code"));
        var response = await PostAsync(ada, new { password = Api.Password });

        Assert.Equal("""{"success":true,"message":"User deleted"}""", await response.Content.ReadAsStringAsync());
        Assert.NotNull(response.Cookie("refresh"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(ada, new { password = Api.Password })).StatusCode);
    }

    [Fact]
    public async Task A_program_without_a_password_has_a_link_mailed_that_deletes_once_and_its_own_person_alone()
    {
        var (ada, grace) = (await portal.NewPersonAsync(), await portal.NewPersonAsync("Grace"));
        var link = await AskByMailAsync(ada);
        var token = Uri.UnescapeDataString(link.Split("token=")[1].Split('&')[0]);
        foreach (var body in (object[])[new { token }, new { token = "bad" }])
        {
            var refused = await PostAsync(grace, body);
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
            Assert.Equal("INVALID_TOKEN", await refused.TextAsync("code"));
        }

        var callback = $"/api/auth/delete-user/callback?token={token}&callbackURL=/bye";
        Assert.Equal(HttpStatusCode.NotFound, (await grace.Http.GetAsync(callback)).StatusCode);
        Assert.Equal(
            "FAILED_TO_GET_USER_INFO", await (await portal.Stranger().GetAsync(callback)).TextAsync("code"));
        var on = await ada.Http.GetAsync(callback);
        Assert.StartsWith($"{Portal.Url}/delete-account?token=", on.Header("Location"), StringComparison.Ordinal);

        var browser = portal.Browser();
        for (var n = 0; n < 5; n++)
            await browser.OpenAsync(link);
        Assert.Equal("no-referrer", browser.Response.Header("Referrer-Policy"));
        await browser.SubmitAsync("Delete my account");
        Assert.Equal("/bye", browser.Url.AbsolutePath);
        await browser.OpenAsync(link);
        Assert.Equal("This link doesn't work", browser.Heading);
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Stranger().SignInAsync(ada.Email)).StatusCode);
    }

    [Fact]
    public async Task A_program_sees_the_one_way_its_person_signs_in()
    {
        var ada = await portal.NewPersonAsync();
        var response = await portal.Stranger().GetAsync("/api/auth/list-accounts", ada.AccessToken);

        var account = Assert.Single((await response.JsonAsync()).AsArray())!;
        Assert.Equal(
            ["accountId", "createdAt", "id", "providerId", "scopes", "updatedAt", "userId"],
            account.AsObject().Select(m => m.Key).Order());
        Assert.Equal("credential", account["providerId"]!.GetValue<string>());
        Assert.Equal(ada.Id.ToString(), account["accountId"]!.GetValue<string>());
    }

    private static Task DeleteAsync(PlainBrowser browser, string email, string password) => browser.SubmitAsync(
        "Delete my account", ("Type your email address", email), ("Current password", password));

    private async Task<string> AskByMailAsync(Person person)
    {
        var response = await PostAsync(person, new { callbackURL = "/bye" });
        Assert.Equal("Verification email sent", await response.TextAsync("message"));
        return Assert.Single(await portal.MailToAsync(person.Email)).Link;
    }

    private Task<HttpResponseMessage> PostAsync(Person person, object body) =>
        portal.Stranger().SendAsync(HttpMethod.Post, "/api/auth/delete-user", person.AccessToken, body);
}
