using System.Text.Json;
using AuthPortal.Audit;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>What happens to an account leaves one event, whose digest proves what is stored beside it.</summary>
public sealed class AuditTests(PortalOfAda portal) : IClassFixture<PortalOfAda>
{
    private const string Agent = "Opera/9 (\"quoted\"; <b>; ü; 漢)";

    public static TheoryData<string, string[]> Happenings => new()
    {
        { "sign-up", ["sign-up", "sign-in"] },
        { "sign-up with a taken address", ["sign-up-refused"] },
        { "sign-in", ["sign-in"] },
        { "sign-in with a wrong password", ["sign-in-failed"] },
        { "sign-in of a stranger", ["sign-in-failed"] },
        { "sign-in of a disabled person", ["sign-in-failed"] },
        { "sign-out", ["sign-out"] },
        { "sign-out of nobody", [] },
        { "sign-out everywhere", ["sign-out-everywhere"] },
        { "profile change", ["profile-changed"] },
        { "renewal", [] },
        { "refused renewal", ["renewal-refused"] },
        { "refused token", [] },
    };

    [Theory]
    [MemberData(nameof(Happenings))]
    public async Task What_happens_leaves_its_events_and_no_more(string happening, string[] types)
    {
        var email = Api.NewEmail();
        var cookies = SessionCookies.Of(await portal.Stranger().SignUpAsync(email));
        if (happening == "refused renewal")
            await portal.Stranger().PostAsync("/api/auth/sign-out", cookies);
        if (happening == "sign-in of a disabled person")
            await portal.ExecuteAsync("update users set disabled_at = now() where email = @email", new { email });
        var last = await portal.ScalarAsync<long>("select max(seq) from audit_events");

        await DoAsync(happening, email, cookies);

        var events = await portal.ListAsync<Row>(
            """
            select seq, type, personal_digest as digest, user_id as userid, sid, ip, user_agent as useragent,
                   details::text as details, salt, at
              from audit_events join audit_details using (seq)
             where seq > @last
             order by seq
            """,
            new { last });
        Assert.Equal(types, events.Select(e => e.Type));
        Assert.All(events, e => Assert.Equal(e.Digest, DigestOf(e)));
        Assert.All(events, e => Assert.Equal(Agent, e.UserAgent));
        Assert.All(events, e => Assert.True(e.UserId is null == (happening is "sign-in of a stranger"
            or "sign-up with a taken address")));
    }

    [Fact]
    public async Task The_documentation_names_every_type()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Source.Root, "docs", "audit.md"));
        var types = typeof(AuditTypes).GetFields().Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!).ToList();

        Assert.NotEmpty(types);
        Assert.All(types, type => Assert.Contains($"`{type}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failed_sign_in_keeps_nothing_of_what_was_typed()
    {
        var typed = $"typed-{Guid.NewGuid():N}";
        var http = portal.Stranger();

        await http.SignInAsync($"{typed}@example.com", $"{typed}-password");
        await http.SignInAsync(portal.Ada.Email, $"{typed}-password");
        await http.SignInAsync($"{typed} is no address", $"{typed}-password");
        await http.SignUpAsync(portal.Ada.Email, $"{typed}-name", $"{typed}-password");

        var kept = await portal.ScalarAsync<string>(
            "select string_agg(audit_events::text || audit_details::text, ' ') from audit_events left join audit_details using (seq)");
        Assert.DoesNotContain(typed, kept);
        Assert.DoesNotContain(portal.Ada.Email, kept);
    }

    private async Task DoAsync(string happening, string email, SessionCookies cookies)
    {
        var http = portal.Stranger();
        http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", Agent);
        await (happening switch
        {
            "sign-up" => http.SignUpAsync(Api.NewEmail()),
            "sign-up with a taken address" => http.SignUpAsync(email),
            "sign-in" or "sign-in of a disabled person" => http.SignInAsync(email),
            "sign-in with a wrong password" => http.SignInAsync(email, "wrong horse battery"),
            "sign-in of a stranger" => http.SignInAsync(Api.NewEmail()),
            "sign-out" => http.PostAsync("/api/auth/sign-out", cookies),
            "sign-out of nobody" => http.PostAsync("/api/auth/sign-out", new SessionCookies("x", "y")),
            "sign-out everywhere" => http.PostAsync("/api/auth/revoke-sessions", cookies),
            "profile change" => http.PostAsync("/api/auth/update-user", cookies, new { name = "New" }),
            "renewal" or "refused renewal" => http.GetAsync("/api/me", cookies with { Access = null }),
            _ => http.GetAsync("/api/me", new SessionCookies("x", "y")),
        });
    }

    private static byte[] DigestOf(Row row) => AuditStore.Digest(
        row.Salt,
        row.UserId,
        row.Sid,
        row.Ip,
        row.UserAgent,
        JsonSerializer.Deserialize<Dictionary<string, string>>(row.Details)!);

    /// <summary>What is stored of one event.</summary>
    private sealed class Row
    {
        public string Type { get; init; } = "";

        public byte[] Digest { get; init; } = [];

        public Guid? UserId { get; init; }

        public Guid? Sid { get; init; }

        public string? Ip { get; init; }

        public string? UserAgent { get; init; }

        public string Details { get; init; } = "";

        public byte[] Salt { get; init; } = [];
    }
}
