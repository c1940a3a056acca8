using Npgsql;

namespace AuthPortal.Tests.Bench;

/// <summary>Many copies of the one person there is, with everything that is stored of them.</summary>
internal static class People
{
    // One's id and another's: the first half keeps its order, as that of ids made one after the other does.
    private const string Copied = """
        set session_replication_role = replica; -- nothing sealed comes in by the front door
        create temporary table one as select id, email from users limit 1;
        create function pg_temp.id_of(n int, kind text) returns uuid language sql immutable as
            $$ select (lpad(to_hex(n), 12, '0') || '7000' || md5(kind || n))::varchar(32)::uuid $$;

        insert into users
        select copy.*
          from users u, generate_series(1, :last) n, jsonb_populate_record(u, jsonb_build_object(
                   'id', pg_temp.id_of(n, 'user'),
                   'email', n || '@people.example.com',
                   'email_canonical', n || '@people.example.com')) copy;

        create temporary table told as
        select row_number() over (order by e.seq) as nth, count(*) over () as many, e.seq
          from audit_events e join audit_details d using (seq) where d.user_id = (select id from one);

        insert into audit_events overriding system value
        select copy.*
          from audit_events e join told using (seq), generate_series(1, :last) n,
               jsonb_populate_record(e, jsonb_build_object(
                   'seq', 1000 + n * told.many + told.nth,
                   'place', 1000 + n * told.many + told.nth,
                   'hash', '\x' || repeat('00', 32))) copy;

        insert into audit_details
        select copy.*
          from audit_details d join told using (seq), generate_series(1, :last) n,
               jsonb_populate_record(d, jsonb_build_object(
                   'seq', 1000 + n * told.many + told.nth,
                   'user_id', pg_temp.id_of(n, 'user'),
                   'sid', pg_temp.id_of(n, 'session' || told.nth))) copy;

        insert into session_sightings
        select pg_temp.id_of(n, 'session' || told.nth), pg_temp.id_of(n, 'user'), now(), now() + interval '30 days'
          from told, generate_series(1, :last) n;

        -- Every tenth has a second factor and a passkey; every hundredth signed out; the throttle knows everybody.
        insert into totp_credentials
        select pg_temp.id_of(n * 10, 'user'), repeat('s', 120), null, now(), now()
          from generate_series(1, :last / 10) n;

        insert into passkeys
        select pg_temp.id_of(n, 'passkey'), pg_temp.id_of(n * 10, 'user'), sha256(int4send(n)),
               decode(repeat('00', 77), 'hex'), 0, '{internal}', true, true, pg_temp.id_of(0, 'make'), 'Phone', now()
          from generate_series(1, :last / 10) n;

        insert into revocations (id, kind, user_id, sid, expires_at)
        select pg_temp.id_of(n, 'end'), 'session', pg_temp.id_of(n * 100, 'user'), pg_temp.id_of(n, 'ended'),
               now() + interval '30 days'
          from generate_series(1, :last / 100) n;

        insert into throttle select sha256(int4send(n)), now() + interval '1 day' from generate_series(1, :last) n;

        select setval(pg_get_serial_sequence('audit_events', 'seq'), (select max(seq) from audit_events));
        update audit_head set place = (select max(place) from audit_events);
        """;

    private const string Weighed = """
        select relname, pg_total_relation_size(oid), pg_indexes_size(oid)
          from pg_class
         where relkind = 'r' and relnamespace = 'public'::regnamespace and pg_total_relation_size(oid) > 100000
         order by 2 desc
        """;

    /// <summary>Somebody else each time, from all over the table, who signs in with a password alone.</summary>
    public static string EmailOf(int n, int people) => EmailOf((int)(n * 7919L * 104_729 % (people / 10) * 10) + 1);

    /// <summary>Of the one who is copied.</summary>
    public static readonly string First = EmailOf(0);

    private static string EmailOf(int n) => $"{n}@people.example.com";

    /// <param name="people">How many there are afterwards, the first included.</param>
    public static async Task FillAsync(NpgsqlDataSource server, int people)
    {
        await using var connection = await server.OpenConnectionAsync();
        await ExecuteAsync(Copied.Replace(":last", $"{people - 1}", StringComparison.Ordinal));
        await ExecuteAsync("vacuum analyze");

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>Tables beyond 100 KB, with their indexes.</summary>
    public static async IAsyncEnumerable<(string Table, long Bytes, long Indexes)> SizesAsync(NpgsqlDataSource server)
    {
        await using var command = server.CreateCommand(Weighed);
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
            yield return (rows.GetString(0), rows.GetInt64(1), rows.GetInt64(2));
    }
}
