using System.Net;
using AuthPortal.Tests.Support;
using Npgsql;
using Xunit;

namespace AuthPortal.Tests.Audit;

/// <summary>A password that was judged has left its row, or nothing comes of it.</summary>
public sealed class UnwritableTests(UnwritableLog portal) : IClassFixture<UnwritableLog>
{
    private static readonly (string Path, object Body)[] Judged =
    [
        ("/api/auth/verify-password", new { password = Api.Password }),
        ("/api/auth/change-password", new { currentPassword = Api.Password, newPassword = "another battery staple" }),
        ("/api/auth/delete-user", new { password = Api.Password }),
    ];

    [Theory]
    [InlineData(Api.Password)]
    [InlineData("not the password")]
    public async Task A_sign_in_that_cannot_be_recorded_is_refused(string password)
    {
        await portal.ExecuteAsync(UnwritableLog.Full);
        var refused = await portal.Stranger().SignInAsync(portal.Ada.Email, password);
        await portal.ExecuteAsync(UnwritableLog.Free);

        await IsUnavailableAsync(refused);
        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().SignInAsync(portal.Ada.Email)).StatusCode);
    }

    [Fact]
    public async Task What_was_not_judged_costs_nobody_a_try()
    {
        var (http, email) = (portal.Stranger(), Api.NewEmail());
        await portal.ExecuteAsync(UnwritableLog.Full);
        for (var times = 0; times < 12; times++) // of ten guesses and five sign-ups that there are
        {
            await RefusedAsync(() => http.SignInAsync(portal.Ada.Email, "not the password"));
            await RefusedAsync(() => http.SignUpAsync(email));
        }

        await portal.ExecuteAsync(UnwritableLog.Free);

        async Task RefusedAsync(Func<Task<HttpResponseMessage>> act)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await act()).StatusCode);
            await portal.SettledAsync(); // what it took is given back once its answer is on its way
        }
    }

    [Fact]
    public async Task Nor_does_a_signed_in_persons_password_count_unrecorded()
    {
        await portal.ExecuteAsync(UnwritableLog.Full);
        foreach (var (path, body) in Judged)
            await IsUnavailableAsync(await portal.Ada.Http.PostAsync(path, body));
        await portal.ExecuteAsync(UnwritableLog.Free);

        foreach (var (path, body) in Judged[..2])
            Assert.Equal(HttpStatusCode.OK, (await portal.Ada.Http.PostAsync(path, body)).StatusCode);
        Assert.Equal(2, await portal.ScalarAsync<long>(
            """
            select count(*) from audit_details join audit_events using (seq)
             where user_id = @Id and type = 'password-confirmed'
            """,
            new { portal.Ada.Id }));
        await portal.Ada.Http.PostAsync(
            "/api/auth/change-password", new { currentPassword = "another battery staple", newPassword = Api.Password });
    }

    [Fact]
    public async Task On_a_database_that_takes_no_writes_valid_tokens_go_on_and_nobody_signs_in_or_up()
    {
        await using var standby = new PortalOfAda();
        await standby.InitializeAsync();
        var (http, database) = (standby.Stranger(), new NpgsqlConnectionStringBuilder(standby.Database).Database);
        await SwitchAsync($"alter database {database} set default_transaction_read_only = on");

        await IsUnavailableAsync(await http.SignInAsync(standby.Ada.Email));
        await IsUnavailableAsync(await http.SignInAsync(standby.Ada.Email, "not the password"));
        await IsUnavailableAsync(await http.SignUpAsync(Api.NewEmail()));
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/me", standby.Ada.AccessToken)).StatusCode);

        await SwitchAsync($"alter database {database} reset default_transaction_read_only");
        Assert.Equal(HttpStatusCode.OK, (await http.SignInAsync(standby.Ada.Email)).StatusCode);
        await ((IAsyncLifetime)standby).DisposeAsync();

        async Task SwitchAsync(string statement)
        {
            await portal.ExecuteAsync(statement);
            await portal.ExecuteAsync(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = @database", new { database });
            await Eventually.SeeAsync(
                "the portal is ready", HttpStatusCode.OK, async () => (await http.GetAsync("/healthz/ready")).StatusCode);
        }
    }

    private static async Task IsUnavailableAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Null(response.Header("Set-Cookie"));
        Assert.Null(response.Header("set-auth-token"));
        Assert.DoesNotContain("eyJ", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}

/// <summary>A portal whose log finds no room on the disk, while the rest of the database does.</summary>
public sealed class UnwritableLog : PortalOfAda
{
    public const string Full = "create or replace trigger full_disk before insert on audit_details execute function full_disk()";
    public const string Free = "drop trigger if exists full_disk on audit_details";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await this.ExecuteAsync(
            """
            create function full_disk() returns trigger language plpgsql as $$
            begin
                raise exception 'could not extend file' using errcode = 'disk_full';
            end
            $$
            """);
    }
}
