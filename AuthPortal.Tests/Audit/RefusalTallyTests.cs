using System.Net;
using System.Text.Json;
using AuthPortal.Audit;
using AuthPortal.Tests.Features;
using AuthPortal.Tests.Support;
using AuthPortal.Tests.Tokens;
using AuthPortal.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace AuthPortal.Tests.Audit;

/// <summary>A flood is on record, and the record stays small.</summary>
public sealed class RefusalTallyTests(TimelessPortal portal) : IClassFixture<TimelessPortal>
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly Client Flooder = new(IPAddress.Parse("192.0.2.7"), "flood/1");

    [Fact]
    public async Task A_flood_leaves_one_row_a_minute_for_each_key()
    {
        var (tally, key) = (Tally, $"sign-in {Guid.NewGuid():N}");

        Parallel.For(0, 20_000, _ => tally.Note(AuditTypes.Throttled, key, null, Flooder));
        tally.Note(AuditTypes.Shed, key, portal.Ada.Id, Flooder);
        Assert.Equal([(20_000, null), (1, portal.Ada.Id)], await AfterAMinuteAsync(key));

        tally.Note(AuditTypes.Throttled, key, null, Flooder);
        Assert.Equal([(20_000, null), (1, portal.Ada.Id), (1, (Guid?)null)], await AfterAMinuteAsync(key));
        Assert.Equal(3, (await AfterAMinuteAsync(key)).Count);
    }

    [Fact]
    public async Task Its_person_reads_of_it_in_words()
    {
        var (grace, browser) = ($"grace {Guid.NewGuid():N}", portal.Browser());
        var email = await browser.SignUpAsync("Grace");
        var id = await portal.ScalarAsync<Guid>("select id from users where email = @email", new { email });

        Tally.Note(AuditTypes.Throttled, grace, id, Flooder);
        Tally.Note(AuditTypes.Shed, grace, id, Flooder);
        await AfterAMinuteAsync(grace);
        await browser.OpenAsync("/account/activity");

        var told = browser.Page.QuerySelectorAll("li h2").Select(h => h.TextContent).ToList();
        Assert.Contains("So much was tried that some of it was told to wait", told);
        Assert.Contains("Something was refused because too much was going on here at once", told);
        Assert.Contains("192.0.2.7", browser.Page.QuerySelector("li p")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_too_many_keys_the_rest_are_counted_together()
    {
        var run = $"{Guid.NewGuid():N}";

        for (var n = 0; n < RefusalTally.MostKeys + 500; n++)
            Tally.Note(AuditTypes.Throttled, $"{run} {n}", null, Flooder);

        Assert.Equal(RefusalTally.MostKeys, (await AfterAMinuteAsync(run)).Count);
        Assert.Equal(500, (await RowsAsync("other")).Sum(row => row.Count));
    }

    [Fact]
    public async Task While_the_database_takes_none_they_wait_and_none_is_lost()
    {
        var key = $"reset {Guid.NewGuid():N}";
        await portal.ExecuteAsync("alter table audit_details add constraint full_disk check (false) not valid");
        try
        {
            Tally.Note(AuditTypes.Throttled, key, null, Flooder);
            Assert.Empty(await AfterAMinuteAsync(key));
        }
        finally
        {
            await portal.ExecuteAsync("alter table audit_details drop constraint full_disk");
        }

        Tally.Note(AuditTypes.Throttled, key, null, Flooder);
        Assert.Equal([(2, null)], await AfterAMinuteAsync(key));
    }

    [Fact]
    public async Task An_ended_session_that_goes_on_being_used_leaves_one_row_and_then_one_a_minute()
    {
        var person = await portal.NewPersonAsync();
        var cookies = await portal.SignInAgainAsync(person) with { Access = null };
        var http = portal.Stranger();
        (await http.PostAsync("/api/auth/sign-out", cookies)).EnsureSuccessStatusCode();

        for (var n = 0; n < 20; n++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/me", cookies)).StatusCode);

        var key = $"session {Forge.Read(cookies.Refresh!)["sid"]}";
        Assert.Equal([(19, (Guid?)person.Id)], await AfterAMinuteAsync(key));
        Assert.Equal(2, await portal.ScalarAsync<long>(
            """
            select count(*) from audit_events join audit_details using (seq)
             where type = 'renewal-refused' and user_id = @Id
            """,
            new { person.Id }));
    }

    [Fact]
    public async Task What_was_counted_is_written_when_the_portal_stops()
    {
        var (sibling, key) = (portal.Sibling(), $"sign-up {Guid.NewGuid():N}");
        var tally = sibling.Services.GetRequiredService<RefusalTally>();

        tally.Note(AuditTypes.Throttled, key, null, Flooder);
        await sibling.Services.GetRequiredService<IHost>().StopAsync();

        Assert.Equal([(1, null)], await RowsAsync(key));
    }

    private RefusalTally Tally => portal.Services.GetRequiredService<RefusalTally>();

    private async Task<IReadOnlyList<(int Count, Guid? UserId)>> AfterAMinuteAsync(string key)
    {
        await portal.AdvanceAsync(Minute);
        return await RowsAsync(key);
    }

    private async Task<IReadOnlyList<(int Count, Guid? UserId)>> RowsAsync(string key)
    {
        var rows = await portal.ListAsync<(string Details, Guid? UserId)>(
            "select details::text, user_id from audit_details where details ->> 'key' like @key || '%' order by seq",
            new { key });
        return [.. rows.Select(row => (JsonDocument.Parse(row.Details).RootElement.GetProperty("count").GetString(), row.UserId))
            .Select(row => (int.Parse(row.Item1!, System.Globalization.CultureInfo.InvariantCulture), row.UserId))];
    }
}
