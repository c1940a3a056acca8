using AuthPortal.Tests.CommandLine;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Audit;

/// <summary>Whatever the database's owner does to the log, <c>audit verify</c> names the first event of it.</summary>
public sealed class TamperingTests(LongLog portal) : IClassFixture<LongLog>
{
    /// <summary>What makes the chain anew from a place on, its head included, all by SQL.</summary>
    private const string Rewrite = $"""
        do $rewrite$
        declare e record; before bytea;
        begin
            select hash into before from audit_events where place = 4;
            for e in select * from audit_events where place >= 5 order by place loop
                before = {AuditLog.Hash};
                update audit_events set hash = before where seq = e.seq;
            end loop;
            update audit_head set hash = before, place = (select max(place) from audit_events);
        end $rewrite$
        """;

    private const string Insert = $"""
        update audit_events set place = -place where place >= 5;
        update audit_events set place = 1 - place where place < 0;
        insert into audit_events (at, type, personal_digest, place, hash)
        values (now(), 'sign-in', sha256(''), 5, sha256(''));
        update audit_events as e
           set hash = {AuditLog.Hash}
          from (select hash as before from audit_events where place = 4) as previous
         where place = 5;
        update audit_head set place = place + 1
        """;

    public static TheoryData<string, string, string, int> Acts => new()
    {
        { "a type altered", "update audit_events set type = 'sign-out' where place = 5", "altered", 5 },
        { "a time altered", "update audit_events set at = at + interval '1 us' where place = 5", "altered", 5 },
        { "a digest altered", "update audit_events set personal_digest = sha256('') where place = 5", "altered", 5 },
        { "a hash altered", "update audit_events set hash = sha256('') where place = 5", "altered", 5 },
        { "one removed", "delete from audit_events where place = 5", "removed", 5 },
        { "one opened again", "update audit_events set place = null, hash = null where place = 5", "removed", 5 },
        { "the first removed", "delete from audit_events where place = 1", "removed", 1 },
        { "one removed and the gap closed", """
            delete from audit_events where place = 5;
            update audit_events set place = -place where place > 5;
            update audit_events set place = -place - 1 where place < 0;
            update audit_head set place = place - 1
            """, "altered", 5 },
        { "two swapped", """
            update audit_events set place = -place where place in (5, 6);
            update audit_events set place = place + 11 where place < 0
            """, "altered", 5 },
        { "one put in between", Insert, "inserted", 5 },
        { "one put before the first", """
            insert into audit_events (at, type, personal_digest, place, hash)
            values (now(), 'sign-in', sha256(''), 0, sha256(''))
            """, "inserted", 0 },
        { "one put after the last", """
            insert into audit_events (at, type, personal_digest, place, hash)
            select now(), 'sign-in', sha256(''), place + 1, sha256('') from audit_head
            """, "inserted", LongLog.Last + 1 },
        { "the end cut off", "delete from audit_events where place > 8", "removed", 9 },
        { "the end cut off, and the head moved", """
            delete from audit_events where place > 8;
            update audit_head set place = 8, hash = (select hash from audit_events where place = 8)
            """, "unsigned", 8 },
        { "the beginning cut off, and the anchor moved", """
            update audit_head set anchor_place = 3, anchor_hash = (select hash from audit_events where place = 3);
            delete from audit_events where place <= 3
            """, "unsigned", LongLog.Last },
        { "all removed", "delete from audit_events", "removed", 1 },
        { "the head removed", "delete from audit_head", "removed", 0 },
        { "another last hash", "update audit_head set hash = sha256('')", "altered", LongLog.Last },
        { "one altered, and all after it computed anew",
            $"update audit_events set type = 'sign-out' where place = 5; {Rewrite}", "unsigned", LongLog.Last },
        { "who signed since when", "update audit_head set signed_from = 1", "unsigned", LongLog.Last },
        { "an address altered", Details("ip = '192.0.2.1'"), "altered", 5 },
        { "a person altered", Details("user_id = gen_random_uuid()"), "altered", 5 },
        { "a detail altered", Details("details = details || '{\"n\": \"7\"}'"), "altered", 5 },
        { "a detail that is no text", Details("details = '{\"n\": 4}'"), "altered", 5 },
        { "a salt altered", Details("salt = sha256('')"), "altered", 5 },
        { "details of another", """
            update audit_details as d set details = o.details, salt = o.salt
              from audit_details as o
             where d.seq = (select seq from audit_events where place = 5)
               and o.seq = (select seq from audit_events where place = 6)
            """, "altered", 5 },
    };

    [Theory, MemberData(nameof(Acts))]
    public async Task The_first_event_of_it_is_named(string act, string sql, string kind, int place)
    {
        Assert.True((await portal.VerifyAsync()).IsSound);

        await portal.TamperAsync(sql);
        var found = await portal.VerifyAsync();
        var words = (await portal.RunAsync("audit verify")).Answer;
        await portal.RestoreAsync();

        Assert.True((2, kind, place) == (found.ExitCode, found.Kind, found.Place), $"{act}: {found} {words}");
        Assert.Contains($"\n{kind.ToUpperInvariant()}: ", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_note_kept_elsewhere_shows_what_the_database_alone_cannot()
    {
        var noted = (await portal.VerifyAsync()).Head!;
        var older = noted;
        await portal.TamperAsync("create table if not exists head_then as select * from audit_head");
        await portal.RecordAsync(3);
        noted = (await portal.VerifyAsync(expect: older)).Head!;
        Assert.True((await portal.VerifyAsync(expect: noted)).IsSound);

        // Who kept an old head can put it back, signature and all.
        await portal.TamperAsync(
            """
            delete from audit_details where seq in (
                select seq from audit_events where place > (select place from head_then));
            delete from audit_events where place > (select place from head_then);
            update audit_head set place = kept.place, hash = kept.hash, signature = kept.signature
              from head_then as kept;
            drop table head_then
            """);

        Assert.True((await portal.VerifyAsync(expect: older)).IsSound);
        var found = await portal.VerifyAsync(expect: noted);
        Assert.Equal((2, "removed", LongLog.Last + 1), (found.ExitCode, found.Kind, found.Place));
        var other = await portal.VerifyAsync(expect: $"5:{new string('0', 64)}");
        Assert.Equal((2, "altered", 5), (other.ExitCode, other.Kind, other.Place));
    }

    [Fact]
    public async Task Anybody_can_check_the_hashes_with_what_the_documentation_says_and_no_portal()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Source.Root, "docs", "audit.md"));
        var sql = page.Split("```sql")[1].Split("```")[0];
        Assert.Null(await portal.ScalarAsync<long?>(sql));

        await portal.TamperAsync("update audit_events set type = 'sign-out' where place = 5");
        var first = await portal.ScalarAsync<long?>(sql);
        await portal.RestoreAsync();

        Assert.Equal(5, first);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("5:abc")]
    [InlineData("-5:0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task A_note_that_cannot_be_read_is_refused(string note) =>
        Assert.Equal(1, (await portal.RunAsync($"audit verify --expect={note}")).ExitCode);

    private static string Details(string change) =>
        $"update audit_details set {change} where seq = (select seq from audit_events where place = 5)";
}

/// <summary>A portal with a sealed log whose clock stands still, and a copy of the log to begin again from.</summary>
public sealed class LongLog : PortalOfAda
{
    public const int Last = 1100;   // more than a page, more than a batch

    private static readonly string[] Tables = ["audit_events", "audit_details", "audit_head"];

    public LongLog() => Clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await this.RecordAsync(15);
        var sealedSoFar = await this.ScalarAsync<int>("select count(*)::int from audit_events");
        await this.ExecuteAsync(
            """
            with event as (
                insert into audit_events (at, type, personal_digest)
                select now(), 'sign-in-failed', sha256(n::text::bytea) from generate_series(1, @count) as n
                returning seq
            )
            select count(*) from event
            """,
            new { count = Last - sealedSoFar });
        await this.SealAsync();
        foreach (var table in Tables)
            await this.ExecuteAsync($"create table {table}_copy as select * from {table}");
    }

    public Task RestoreAsync() => this.TamperAsync(string.Join(';', Tables.Select(table =>
        $"delete from {table}; insert into {table} overriding system value select * from {table}_copy")));
}
