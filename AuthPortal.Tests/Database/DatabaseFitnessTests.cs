using System.Net;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.Options;
using Npgsql;
using Xunit;

namespace AuthPortal.Tests.Database;

/// <summary>
/// What others have set on a database, its role or its server: the portal goes on, or says at its start what to run.
/// </summary>
public sealed class DatabaseFitnessTests
{
    /// <summary>Settings that a portal must not care about, a handful for each role.</summary>
    private static readonly string[][] Harmless =
    [
        [
            "datestyle = 'German, DMY'", "intervalstyle = 'sql_standard'", "timezone = 'Asia/Kolkata'",
            "bytea_output = 'escape'", "extra_float_digits = '0'", "xmloption = 'document'",
        ],
        [
            "standard_conforming_strings = off", "backslash_quote = off", "escape_string_warning = on",
            "array_nulls = off", "transform_null_equals = on", "quote_all_identifiers = on",
        ],
        [
            "statement_timeout = '1min'", "lock_timeout = '1min'", "idle_in_transaction_session_timeout = '100ms'",
            "deadlock_timeout = '100ms'", "tcp_user_timeout = '5s'", "client_connection_check_interval = '1s'",
        ],
        [
            "jit = off", "plan_cache_mode = 'force_generic_plan'", "enable_seqscan = off", "enable_indexscan = off",
            "work_mem = '64kB'", "temp_buffers = '800kB'", "geqo = off", "from_collapse_limit = 1",
        ],
        [
            "client_min_messages = 'debug1'", "client_encoding = 'LATIN1'", "lc_messages = 'C'", "lc_time = 'C'",
            "lc_monetary = 'C'", "application_name = 'other'", "gin_fuzzy_search_limit = 1", "row_security = off",
        ],
        [
            "default_transaction_deferrable = on", "commit_delay = '0'", "check_function_bodies = off",
            "default_toast_compression = 'pglz'", "parallel_leader_participation = off", "lo_compat_privileges = off",
            "cursor_tuple_fraction = 1", "plan_cache_mode = 'force_custom_plan'",
        ],
    ];

    public static TheoryData<int> Roles() => [.. Enumerable.Range(0, Harmless.Length)];

    [Theory, MemberData(nameof(Roles))]
    public async Task Whatever_a_role_has_by_default_people_sign_up_and_in(int role)
    {
        await using var owned = await OwnedAsync("", Harmless[role]);

        await owned.PeopleComeAsync();
    }

    [Fact]
    public async Task Who_waits_for_another_to_migrate_is_not_ended_by_the_roles_timeouts()
    {
        await using var owned = await OwnedAsync(
            "",
            ["statement_timeout = '500ms'", "lock_timeout = '500ms'", "idle_in_transaction_session_timeout = '500ms'"]);
        await using var source = TestServer.Source(owned.Address);
        await using var other = await source.OpenConnectionAsync();
        await using var holds = new NpgsqlCommand(
            "set idle_in_transaction_session_timeout = 0; begin; select pg_advisory_xact_lock(x'41757468506F7274'::bit(64)::bigint)",
            other);
        await holds.ExecuteNonQueryAsync();

        var migrating = TestServer.MigrateAsync(owned.Address);
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        Assert.False(migrating.IsCompleted);
        await using var commit = new NpgsqlCommand("commit", other);
        await commit.ExecuteNonQueryAsync();

        await migrating;
    }

    /// <summary>The grant that PostgreSQL 15 has everybody type: DbUp asked for the right to create schemas besides.</summary>
    [Fact]
    public async Task All_on_the_schema_of_somebody_elses_database_is_enough()
    {
        var database = await TestServer.CreateEmptyDatabaseAsync();
        await using var owned = new Owned(database, $"guest_{Guid.NewGuid():N}");
        await TestServer.ExecuteAsync(
            database,
            $"create role {owned.Role} login password 'owner'; grant all on schema public to {owned.Role}");

        await owned.PeopleComeAsync();
    }

    [Fact]
    public async Task Who_may_create_nothing_is_told_the_grant()
    {
        var database = await TestServer.CreateEmptyDatabaseAsync();
        await using var owned = new Owned(database, $"guest_{Guid.NewGuid():N}");
        await TestServer.ExecuteAsync(
            database,
            $"create role {owned.Role} login password 'owner'; revoke create on schema public from public");

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => TestServer.MigrateAsync(owned.Address));

        Assert.Contains("GRANT USAGE, CREATE ON SCHEMA public TO", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("encoding 'LATIN1' locale 'C' template template0", "", "ENCODING 'UTF8'")]
    [InlineData("encoding 'SQL_ASCII' locale 'C' template template0", "", "ENCODING 'UTF8'")]
    [InlineData("", "default_transaction_isolation = 'serializable'", "SET default_transaction_isolation = 'read committed'")]
    [InlineData("", "default_transaction_isolation = 'repeatable read'", "SET default_transaction_isolation = 'read committed'")]
    [InlineData("", "search_path = 'not_there'", "GRANT USAGE, CREATE ON SCHEMA public TO")]
    public async Task What_would_fail_people_later_is_refused_at_the_start_with_what_to_run(
        string made, string set, string sql)
    {
        await using var owned = await OwnedAsync(made, set.Length == 0 ? [] : [set]);

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => TestServer.MigrateAsync(owned.Address));

        Assert.Contains(sql, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>PostgreSQL's logical replication brings rows and no sequences.</summary>
    [Fact]
    public async Task Sequences_that_a_logical_copy_left_behind_are_moved_past_their_rows_at_the_start()
    {
        await using var owned = await OwnedAsync("", []);
        await owned.PeopleComeAsync();
        await TestServer.ExecuteAsync(
            owned.Address,
            "alter table audit_events alter seq restart with 1; select setval('schema_versions_schemaversionsid_seq', 1)");

        await owned.PeopleComeAsync();
    }

    private static async Task<Owned> OwnedAsync(string made, string[] settings)
    {
        var database = made.Length == 0
            ? await TestServer.CreateEmptyDatabaseAsync()
            : await TestServer.CreateEmptyDatabaseAsync(made);
        var owned = new Owned(database, $"owner_{Guid.NewGuid():N}");
        var name = new NpgsqlConnectionStringBuilder(database).Database;
        await TestServer.ExecuteAsync(
            database, $"create role {owned.Role} login password 'owner'; alter database {name} owner to {owned.Role}");
        foreach (var setting in settings)
            await TestServer.ExecuteAsync(database, $"alter role {owned.Role} set {setting}");
        return owned;
    }

    /// <summary>A database and a role of its own.</summary>
    private sealed class Owned(string database, string role) : IAsyncDisposable
    {
        public string Role => role;

        public string Address { get; } = new NpgsqlConnectionStringBuilder(database)
        {
            Username = role,
            Password = "owner",
        }.ConnectionString;

        /// <summary>A portal starts, and somebody does what people do.</summary>
        public async Task PeopleComeAsync()
        {
            await using var portal = new AtAddress(Address);
            await portal.InitializeAsync();
            var ada = await portal.NewPersonAsync("Łukasz 😀 山田");
            var cookies = await portal.SignInAgainAsync(ada);
            foreach (var (method, path) in ((HttpMethod, string)[])[
                (HttpMethod.Post, "refresh"), (HttpMethod.Get, "list-sessions"), (HttpMethod.Post, "sign-out")])
            {
                var request = Visit.Request(method, $"/api/auth/{path}", ("Cookie", $"{cookies}"), ("Origin", Portal.Url));
                if (method == HttpMethod.Post)
                    request.Content = System.Net.Http.Json.JsonContent.Create(new { });
                var answer = await portal.Stranger().SendAsync(request);
                Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
            }

            Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().GetAsync("/healthz/ready")).StatusCode);
            var deleted = await ada.Http.PostAsync("/api/auth/delete-user", new { password = Api.Password });
            Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        }

        public async ValueTask DisposeAsync()
        {
            await TestServer.DropDatabaseAsync(database);
            var server = new NpgsqlConnectionStringBuilder(database) { Database = "postgres" }.ConnectionString;
            await TestServer.ExecuteAsync(server, $"drop role if exists {role}");
        }
    }

    /// <summary>A portal on a database that is there.</summary>
    private sealed class AtAddress : Portal
    {
        public AtAddress(string address) => Database = address;

        public override Task InitializeAsync() => Task.CompletedTask;
    }
}
