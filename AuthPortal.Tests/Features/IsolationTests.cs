using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>Nobody sees or changes anybody else.</summary>
public sealed class IsolationTests(UnpolledPortal portal) : IClassFixture<UnpolledPortal>
{
    [Fact]
    public async Task Another_persons_id_is_as_unknown_as_one_that_never_was()
    {
        var http = portal.Stranger();
        var other = await portal.NewPersonAsync("Grace");
        var never = await http.GetAsync($"/api/users/{Guid.CreateVersion7()}", portal.Ada.AccessToken);

        Assert.Equal(HttpStatusCode.NotFound, never.StatusCode);
        string[] ids =
            [$"{other.Id}", $"{other.Id:N}", $"{{{other.Id}}}", "1", "me", "null", $"{Guid.Empty}", "'--", new('x', 500)];
        foreach (var id in ids)
        {
            var response = await http.GetAsync($"/api/users/{id}", portal.Ada.AccessToken);
            Assert.Equal(await WithoutDateAsync(never), await WithoutDateAsync(response));
        }
    }

    /// <summary>A new one must be tried against another person's, here or where its feature is.</summary>
    [Fact]
    public void Only_these_doors_take_what_they_are_about_from_their_address() => Assert.Equal(
        [
            "/api/auth/reset-password/{token}", // LinkMatrixTests
            "/api/users/{id}", "/error/{status:int}",
        ],
        from endpoint in portal.Endpoints()
        let pattern = endpoint.Pattern()
        where pattern.Contains('{', StringComparison.Ordinal) && !pattern.Contains("{**", StringComparison.Ordinal)
        orderby pattern
        select pattern);

    [Fact]
    public async Task Ones_own_id_is_found()
    {
        var response = await portal.Stranger().GetAsync($"/api/users/{portal.Ada.Id}", portal.Ada.AccessToken);

        var user = await response.JsonAsync();
        Assert.Equal(portal.Ada.Email, user["email"]!.GetValue<string>());
        Assert.Equal(
            ["createdAt", "email", "emailVerified", "id", "image", "name", "updatedAt"],
            user.AsObject().Select(m => m.Key).Order());
    }

    [Fact]
    public async Task What_one_changes_of_oneself_changes_nobody_else_whatever_ids_one_sends_along()
    {
        var (http, other) = (portal.Stranger(), await portal.NewPersonAsync("Grace"));
        var before = await RowOfAsync(other.Id);

        foreach (var path in (string[])["/api/auth/update-user", $"/api/auth/update-user?id={other.Id}&userId={other.Id}"])
        {
            var response = await http.SendAsync(HttpMethod.Post, path, portal.Ada.AccessToken, new
            {
                name = "Ada Lovelace",
                id = other.Id,
                userId = other.Id,
                user = new { id = other.Id },
                emailVerified = true,
                roles = (string[])["admin"],
                sessionVersion = 99,
            });
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(before, await RowOfAsync(other.Id));
        Assert.Equal(
            "Ada Lovelace, 1, {}, unverified",
            await portal.ScalarAsync<string>(
                """
                select format('%s, %s, %s, %s', name, session_version, roles, coalesce(email_verified_at::text, 'unverified'))
                  from users
                 where id = @Id
                """,
                new { portal.Ada.Id }));
    }

    [Fact]
    public async Task The_address_cannot_be_changed_this_way()
    {
        var response = await portal.Stranger().SendAsync(
            HttpMethod.Post, "/api/auth/update-user", portal.Ada.AccessToken, new { name = "x", email = "eve@example.com" });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("EMAIL_CAN_NOT_BE_UPDATED", await response.TextAsync("code"));
    }

    [Theory]
    [InlineData("enable")]
    [InlineData("get-totp-uri")]
    [InlineData("verify-totp")]
    [InlineData("verify-backup-code")]
    [InlineData("generate-backup-codes")]
    [InlineData("disable")]
    public async Task Ones_own_second_factor_is_all_one_reaches_whatever_ids_one_sends_along(string what)
    {
        var (grace, other) = (await portal.NewPersonAsync("Grace"), await portal.NewPersonAsync("Eve"));
        var app = await grace.Http.TurnOnAsync(portal.Time.GetUtcNow());
        portal.Time.Advance(TimeSpan.FromSeconds(30));
        await other.Http.EnableAsync();
        var code = what == "verify-totp" ? app.CodeAt(portal.Time.GetUtcNow()) : app.RecoveryCodes[0];
        var before = await FactorsOfAsync(grace.Id);

        var answer = await other.Http.PostAsync(
            $"/api/auth/two-factor/{what}?userId={grace.Id}",
            new { password = Api.Password, code, id = grace.Id, userId = grace.Id, user = new { id = grace.Id } });

        Assert.DoesNotContain(app.Secret, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(before, await FactorsOfAsync(grace.Id));
    }

    private async Task<string> FactorsOfAsync(Guid id) => (await portal.ScalarAsync<string>(
        """
        select concat(
            (select to_jsonb(u)::text from users u where id = @id),
            (select jsonb_agg(t)::text from totp_credentials t where user_id = @id),
            (select jsonb_agg(r order by r.id)::text from recovery_codes r where user_id = @id))
        """,
        new { id }))!;

    private async Task<string> RowOfAsync(Guid id) =>
        (await portal.ScalarAsync<string>("select to_jsonb(users)::text from users where id = @id", new { id }))!;

    private static async Task<string> WithoutDateAsync(HttpResponseMessage response) =>
        $"{(int)response.StatusCode} {string.Join(';', response.Headers.Where(h => h.Key != "Date"))} "
        + $"{response.Content.Headers} {await response.Content.ReadAsStringAsync()}";
}
