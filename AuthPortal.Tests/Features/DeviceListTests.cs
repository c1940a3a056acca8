using System.Reflection;
using System.Text.Json.Nodes;
using AuthPortal.Features.Devices;
using AuthPortal.Tests.Support;
using Npgsql;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>The list of devices costs no more than there are sign-ins, however many.</summary>
public sealed class DeviceListTests(Portal portal) : IClassFixture<Portal>
{
    private const int SignIns = 5_000;
    private const int Most = 1_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_step_of_the_plan_touches_more_than_a_thousand_rows_however_many_sign_ins_there_are(bool isAnalyzed)
    {
        var ada = await portal.NewPersonAsync();
        const string ends = "2099-01-01T00:00:00.000Z";
        await SignInOftenAsync(ada.Id, ends);
        await portal.ExecuteAsync(
            """
            insert into revocations (id, kind, user_id, sid, expires_at)
            select gen_random_uuid(), 'session', user_id, sid, now() + interval '30 days'
              from audit_details
             where user_id = @Id and details ->> 'end' = @ends and seq % 2 = 0
            """,
            new { ada.Id, ends });
        if (isAnalyzed)
            await portal.ExecuteAsync("analyze audit_details, revocations");

        var steps = await PlanAsync(ada.Id);

        Assert.Contains(steps, step => Rows(step) == Most);
        Assert.All(steps, step => Assert.True(Rows(step) <= Most + 2, step.ToJsonString()));
        Assert.Equal(101, (await ListAsync(ada)).AsArray().Count); // her own, and the latest hundred
    }

    [Fact]
    public async Task What_ended_before_the_oldest_session_that_counts_is_not_read()
    {
        var ada = await portal.NewPersonAsync();
        await portal.TamperAsync("delete from audit_details where user_id = @Id", new { ada.Id }); // it would be older
        await SignInOftenAsync(ada.Id, ends: "2020-01-01T00:00:00.000Z");
        await portal.SignInAgainAsync(ada);
        await portal.ExecuteAsync("analyze audit_details, revocations");

        Assert.All(await PlanAsync(ada.Id), step => Assert.True(Rows(step) < 20, step.ToJsonString()));
        Assert.Equal(2, (await ListAsync(ada)).AsArray().Count);
    }

    private Task SignInOftenAsync(Guid id, string ends) => portal.ExecuteAsync(
        """
        with event as (
            insert into audit_events (at, type, personal_digest)
            select now(), 'sign-in', sha256(n::text::bytea) from generate_series(1, @SignIns) as n
            returning seq
        )
        insert into audit_details (seq, user_id, sid, details, salt)
        select seq, @id, gen_random_uuid(), jsonb_build_object('version', '1', 'end', @ends::text), sha256('salt')
          from event
        """,
        new { id, ends, SignIns });

    /// <returns>The steps that PostgreSQL took for the product's own statement, each with what it counted.</returns>
    private async Task<IReadOnlyList<JsonObject>> PlanAsync(Guid caller)
    {
        var list = typeof(DeviceStore).GetField("ListSql", BindingFlags.NonPublic | BindingFlags.Static)!;
        await using var source = NpgsqlDataSource.Create(portal.Database);
        await using var command = source.CreateCommand(
            $"explain (analyze, timing off, format json) {list.GetRawConstantValue()}");
        command.Parameters.AddWithValue("caller", caller);
        command.Parameters.AddWithValue("now", "2026-01-01T00:00:00.000Z");
        var plan = JsonNode.Parse((string)(await command.ExecuteScalarAsync())!)![0]!["Plan"]!.AsObject();
        return [.. StepsOf(plan)];
    }

    private static IEnumerable<JsonObject> StepsOf(JsonObject plan) =>
        (plan["Plans"]?.AsArray() ?? []).SelectMany(step => StepsOf(step!.AsObject())).Prepend(plan);

    /// <summary>What it kept and what it threw away, in all its runs.</summary>
    private static double Rows(JsonObject step) => Number(step, "Actual Loops") * (
        Number(step, "Actual Rows") + Number(step, "Rows Removed by Filter")
        + Number(step, "Rows Removed by Join Filter"));

    private static double Number(JsonObject step, string name) => step[name]?.GetValue<double>() ?? 0;

    private async Task<JsonNode> ListAsync(Person person) =>
        await (await portal.Stranger().GetAsync("/api/auth/list-sessions", person.AccessToken)).JsonAsync();
}
