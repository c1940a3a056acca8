using AuthPortal.Tests.Support;
using Npgsql;
using Xunit;

namespace AuthPortal.Tests.Audit;

/// <summary>What the portal's own role can't do to the log, even where somebody makes the portal try.</summary>
public sealed class TriggerTests(TimelessPortal portal) : IClassFixture<TimelessPortal>
{
    [Theory]
    [InlineData("update audit_events set type = 'nothing'")]
    [InlineData("update audit_events set at = now()")]
    [InlineData("update audit_events set hash = sha256('')")]
    [InlineData("update audit_events set hash = null, place = null")]
    [InlineData("update audit_events set place = place + 1000")]
    [InlineData("update audit_events set type = 'nothing', hash = sha256(''), place = -1 where hash is null")]
    [InlineData("insert into audit_events (at, type, personal_digest, place, hash) values (now(), 'x', sha256(''), 0, sha256(''))")]
    [InlineData("delete from audit_events")]
    [InlineData("update audit_head set anchor_place = place; delete from audit_events where place <= 2")]
    [InlineData("truncate audit_events cascade")]
    [InlineData("truncate audit_details")]
    [InlineData("truncate audit_head")]
    [InlineData("update audit_details set ip = null")]
    [InlineData("delete from audit_details")]
    [InlineData("delete from audit_details where user_id is null")]
    [InlineData("delete from audit_details where user_id is not null")]
    [InlineData("delete from audit_head")]
    [InlineData("update audit_head set place = place - 1")]
    public async Task It_is_refused(string statement)
    {
        await portal.RecordAsync(3);
        await portal.ExecuteAsync("insert into audit_events (at, type, personal_digest) values (now(), 'open', sha256(''))");

        var refused = await Assert.ThrowsAsync<PostgresException>(() => portal.ExecuteAsync(statement));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        Assert.Contains("audit log", refused.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_older_than_a_month_goes_only_once_the_chain_begins_after_it()
    {
        await portal.ExecuteAsync(
            "insert into audit_events (at, type, personal_digest) values (now() - interval '31 days', 'old', sha256(''))");
        await portal.SealAsync();

        var refused = await Assert.ThrowsAsync<PostgresException>(
            () => portal.ExecuteAsync("delete from audit_events where type = 'old'"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);

        await portal.ExecuteAsync(
            """
            begin;
            update audit_head set anchor_place = place;
            delete from audit_events where type = 'old';
            rollback
            """);
    }
}
