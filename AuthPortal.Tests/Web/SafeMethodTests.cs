using System.Reflection;
using AuthPortal.Tests.Support;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Xunit;

namespace AuthPortal.Tests.Web;

/// <summary>
/// No GET and no HEAD changes anything (RFC 9110 §9.2.1, ASVS 3.5.3): browsers fetch ahead, mail is scanned, and a
/// picture on another site is a GET. Every route is walked by everybody who may come along.
/// </summary>
public sealed class SafeMethodTests(PatientPortal portal) : IClassFixture<PatientPortal>
{
    /// <summary>Those that consume a proof which is good once, such as a provider's callback. There is none yet.</summary>
    private static readonly string[] SpendAProof = [];

    /// <summary>Budgets and the list's "last seen": no state that anybody acts on.</summary>
    private static readonly string[] NoState = ["throttle", "session_sightings"];

    /// <summary>Whatever a page's GET may be asked to do besides showing itself.</summary>
    private static readonly string[] Handlers =
    [
        .. from type in typeof(Program).Assembly.GetTypes()
           where typeof(PageModel).IsAssignableFrom(type)
           from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance)
           where method.Name.StartsWith("OnGet", StringComparison.Ordinal)
           select method.Name["OnGet".Length..].Replace("Async", "", StringComparison.Ordinal),
    ];

    public static TheoryData<string> Visitors() =>
    [
        "a stranger", "signed in", "signed in long ago", "with an app", "with an app begun", "before the code",
        "before an app", "signed out", SignedOutLongAgo,
    ];

    /// <summary>Whose renewal is refused, which is recorded.</summary>
    private const string SignedOutLongAgo = "signed out long ago";

    [Theory, MemberData(nameof(Visitors))]
    public async Task No_route_changes_the_database_by_GET_or_HEAD_whoever_asks(string visitor)
    {
        await using var strict = portal.Sibling(other => other.Settings["SecondFactor:Required"] = "true");
        var at = visitor == "before an app" ? strict : portal;
        var http = await ComeAsync(at, visitor);
        var paths = (
            from endpoint in at.Endpoints()
            where !endpoint.IsStaticFile() && !SpendAProof.Contains(endpoint.Pattern())
            from request in endpoint.Requests()
            select request.RequestUri!.OriginalString).Distinct().ToList();
        Assert.True(paths.Count > 60, $"only {paths.Count} routes were found");
        Assert.Contains("Download", Handlers);
        await portal.SettledAsync();
        await at.SettledAsync();
        var before = await StateAsync(visitor);

        foreach (var path in paths)
        {
            foreach (var query in Handlers.Distinct().Select(handler => $"?handler={handler}").Append("?email=a@b.c"))
            {
                await http.SendAsync(new HttpRequestMessage(HttpMethod.Get, path + query));
                await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path + query));
            }
        }

        await at.SettledAsync();
        Assert.Equal(before, await StateAsync(visitor));
    }

    private async Task<HttpClient> ComeAsync(Portal at, string visitor)
    {
        if (visitor == "a stranger")
            return at.Program();
        var person = await portal.NewPersonAsync();
        switch (visitor)
        {
            case "signed in long ago":
                await portal.AdvanceAsync(TimeSpan.FromHours(1));
                return person.Http;
            case "with an app begun":
                await person.Http.EnableAsync();
                return person.Http;
            case "signed out" or SignedOutLongAgo:
                var cookies = await portal.SignInAgainAsync(person);
                await portal.Stranger().PostAsync("/api/auth/sign-out", cookies);
                if (visitor == SignedOutLongAgo)
                    await portal.AdvanceAsync(TimeSpan.FromHours(1));
                var kept = at.Stranger();
                kept.DefaultRequestHeaders.Add("Cookie", $"{cookies}");
                return kept;
            case "with an app" or "before the code":
                await person.Http.TurnOnAsync(portal.Time.GetUtcNow());
                break;
        }

        if (visitor is not ("before the code" or "before an app"))
            return person.Http;
        var half = at.Program();
        Assert.Null((await (await half.SignInAsync(person.Email)).JsonAsync())["token"]);
        return half;
    }

    private async Task<IEnumerable<KeyValuePair<string, string>>> StateAsync(string visitor)
    {
        var tables = (await portal.DigestsAsync()).Where(table => !NoState.Contains(table.Key));
        if (visitor != SignedOutLongAgo)
            return tables;
        var others = await portal.ScalarAsync<long>("select count(*) from audit_events where type <> 'renewal-refused'");
        return tables
            .Where(table => !table.Key.StartsWith("audit_", StringComparison.Ordinal))
            .Append(new("other events", $"{others}"));
    }
}
