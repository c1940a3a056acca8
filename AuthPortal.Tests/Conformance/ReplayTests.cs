using System.Text;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Conformance;

/// <summary>
/// Plays what was recorded of Better Auth 1.7.25 against fresh portals, and tells of each exchange whether it was
/// answered alike: the status, the code, where it leads, and every member of the body with its type.
/// </summary>
[Trait("Category", "Conformance")]
public sealed class ReplayTests(ITestOutputHelper output)
{
    private readonly Differences _differences = Differences.Load();
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    [Fact]
    public async Task Every_recorded_exchange_is_answered_alike_or_differs_on_purpose()
    {
        foreach (var config in Exchange.All.GroupBy(e => e.Config))
            await PlayAsync(config.Key, [.. config]);

        output.WriteLine(string.Join(", ", _counts.Select(count => $"{count.Value} {count.Key}")));
        Assert.False(_counts.ContainsKey("differs"), $"{_counts.GetValueOrDefault("differs")} exchanges differ.");
    }

    private async Task PlayAsync(string config, IReadOnlyList<Exchange> exchanges)
    {
        var played = exchanges.Any(e => _differences.WhyNot(e) is null);
        var portal = played ? await ConformancePortal.StartAsync(config) : null;
        var replay = portal is null ? null : new Replay(portal);
        foreach (var exchange in exchanges)
        {
            if (_differences.WhyNot(exchange) is { } reason)
                Report(exchange, "not applicable", $"{exchange.Config}: {reason}");
            else
                Judge(exchange, await replay!.PlayAsync(exchange));
        }

        if (portal is not null)
            await portal.EndAsync();
    }

    private void Judge(Exchange exchange, (Answer Expected, Answer Live, string? Missing) played)
    {
        var (expected, live, missing) = played;
        var found = string.Join("; ", expected.DifferencesOf(live).Append(missing).OfType<string>());
        if (_differences.For(exchange.N) is not { } intended)
            Report(exchange, found.Length == 0 ? "pass" : "differs", found);
        else if (missing is null && found.Length == 0)
            Report(exchange, "differs", $"no more, so {intended.Id} need not cover it");
        else if (missing is null && live.ToString().StartsWith(intended.Answer, StringComparison.Ordinal))
            Report(exchange, "intended", intended.Id);
        else
            Report(exchange, "differs", $"{intended.Id} has it as {intended.Answer}, and here is {live}; {found}");
    }

    private void Report(Exchange exchange, string outcome, string details)
    {
        _counts[outcome] = _counts.GetValueOrDefault(outcome) + 1;
        output.WriteLine($"{exchange.N,3} {exchange.Name}: {outcome}{(details.Length > 0 ? $" ({details})" : "")}");
    }
}

/// <summary>One configuration's exchanges, in their order, against one portal.</summary>
internal sealed class Replay(ConformancePortal portal)
{
    private readonly World _world = new(portal);
    private readonly HttpClient _http = portal.Client();

    public async Task<(Answer Expected, Answer Live, string? Missing)> PlayAsync(Exchange exchange)
    {
        if (exchange.Later is { } later)
            portal.Time.Advance(later);
        if (exchange.AsksForMail)
            portal.Time.Advance(World.BetweenMails);
        await _world.PrepareAsync(exchange);
        using var request = await RequestAsync(exchange);
        using var response = await _http.SendAsync(request);
        await _world.LearnAsync(exchange, response);
        if (exchange.Path.Contains("/verify-email?token={mail:", StringComparison.Ordinal))
            await SpendAsync(response);

        var expected = exchange.Expect with { Location = await LocationAsync(exchange.Expect.Location) };
        var live = await Answer.OfAsync(response);
        return (expected, live with { Location = await LocationAsync(live.Location) }, _world.Missing);
    }

    private async Task<HttpRequestMessage> RequestAsync(Exchange exchange)
    {
        var request = new HttpRequestMessage(HttpMethod.Parse(exchange.Method), await _world.FillAsync(exchange.Path));
        if (exchange.Body is not null)
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(await _world.FillAsync(exchange.Body)));
        foreach (var (name, value) in exchange.Headers)
        {
            var filled = await _world.FillAsync(value);
            if (name == "content-type")
                request.Content?.Headers.TryAddWithoutValidation(name, filled);
            else
                request.Headers.TryAddWithoutValidation(name, filled);
        }

        return request;
    }

    /// <summary>What opening a mailed link did there, the button of the page that it opens does here.</summary>
    private async Task SpendAsync(HttpResponseMessage response)
    {
        var browser = portal.Browser();
        if (response.Headers.Location is not { } page)
            return;
        await browser.OpenAsync(page.OriginalString);
        if (browser.Page.QuerySelector("main form button:not([type=button])") is { } button)
        {
            // Who is not signed in to the account shows by its password that it is theirs.
            if (browser.Page.QuerySelector("main form input[name='Input.Password']") is not null)
                browser.Fill("Password", World.UsualPassword);
            await browser.SubmitAsync(button.TextContent.Trim());
        }
    }

    /// <summary>A path for an address on the portal itself: clients follow both alike.</summary>
    private async Task<string?> LocationAsync(string? location) => location is null
        ? null
        : (await _world.FillAsync(location)).Replace($"{portal.Origin}/", "/", StringComparison.Ordinal);
}
