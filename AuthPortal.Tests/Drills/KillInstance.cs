using System.Net;
using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Drills;

/// <summary>One of two instances behind nginx dies without a word; whoever was its visitor goes on at the other.</summary>
[Collection(DrillsInTurn.Name), Trait("Category", "Drill")]
public sealed class KillInstance(ITestOutputHelper output)
{
    private const int Forms = 1_000;
    private const int People = 20;

    [DrillFact(Nginx.Binary, Nginx.Package)]
    public async Task No_more_is_lost_than_was_under_way_when_one_of_two_is_killed()
    {
        await using var server = await PrivateServer.StartAsync(durable: true);
        await using var drill = Drill.Begin(
            output, nameof(KillInstance), "two portals behind nginx under load, one of them killed -9");
        await using var fleet = await Fleet.StartAsync(drill, server.ConnectionString);
        var visitor = new PlainBrowser(new HttpClient { BaseAddress = new Uri(fleet.Portals[0].Url) });
        await SignUpAsync(visitor, fleet.Url);
        await PostFormsAsync(drill, fleet);
        await drill.StartLoadAsync(fleet.Url);

        drill.Broken("kill -9 of the first");
        var began = drill.Journal.Now;
        await drill.KillAsync(fleet.Portals[0]);
        var gone = drill.Journal.Now;
        await visitor.OpenAsync($"{fleet.Portals[1].Url}/account");
        Assert.Equal("Hello, Ada", visitor.Heading);
        await Task.Delay(TimeSpan.FromSeconds(5));
        await drill.WholeAgainAsync("nobody, but the other serves");
        await fleet.StartAsync(0);
        await visitor.OpenAsync($"{fleet.Portals[0].Url}/account");
        Assert.Equal("Hello, Ada", visitor.Heading);

        drill.MayLoseAnswers = true;
        await drill.ReckonAsync(server.ConnectionString, fleet.Url);
        var lost = drill.Ledger.Answers.Where(answer => answer.Status is null || (answer.Status == 503 && answer.Code is null)).ToList();
        var underWay = drill.Ledger.Answers.Count(answer => answer.Asked <= gone && answer.At >= began);
        drill.Line("requests lost", $"{lost.Count} of {underWay} under way when it was killed");
        Assert.All(lost, answer => Assert.InRange(answer.Asked, TimeSpan.Zero, gone));
        Assert.InRange(lost.Count, 0, underWay);
    }

    /// <summary>A form that the one instance wrote is posted to the other, by people who are signed in.</summary>
    private static async Task PostFormsAsync(Drill drill, Fleet fleet)
    {
        var refused = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, People),
            new ParallelOptions { MaxDegreeOfParallelism = 2 },
            async (number, _) =>
            {
                using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
                http.DefaultRequestHeaders.Add("X-Forwarded-For", $"10.8.{number}.7");
                http.BaseAddress = new Uri(fleet.Portals[0].Url);
                var browser = new PlainBrowser(http);
                await SignUpAsync(browser, fleet.Url);
                for (var form = 0; form < Forms / People; form++)
                {
                    var (writer, reader) = (fleet.Portals[form % 2], fleet.Portals[(form + 1) % 2]);
                    await browser.OpenAsync($"{writer.Url}/account");
                    browser.Fill("Name", $"Ada {form}");
                    using var request = browser.Request("Save profile");
                    At(request, reader, fleet.Url);
                    await browser.SendAsync(request);
                    if (browser.Status != HttpStatusCode.Redirect)
                        Interlocked.Increment(ref refused);
                }
            });
        drill.Line("forms from one, posted to the other", $"{Forms}, {refused} refused");
        Assert.Equal(0, refused);
    }

    private static async Task SignUpAsync(PlainBrowser browser, string publicUrl)
    {
        await browser.OpenAsync("/sign-up");
        browser.Fill("Name", "Ada");
        browser.Fill("Email", Api.NewEmail());
        browser.Fill("Password", Api.Password);
        using var request = browser.Request("Create account");
        request.Headers.Remove("Origin");
        request.Headers.Add("Origin", publicUrl);
        await browser.SendAsync(request);
    }

    private static void At(HttpRequestMessage request, PortalProcess portal, string publicUrl)
    {
        request.RequestUri = new Uri(new Uri(portal.Url), request.RequestUri!.PathAndQuery);
        request.Headers.Remove("Origin");
        request.Headers.Add("Origin", publicUrl);
    }
}
