using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace AuthPortal.Tests.Support;

/// <summary>A person at a browser without JavaScript: opens pages, fills forms by their labels, keeps cookies.</summary>
public sealed class PlainBrowser(HttpClient http)
{
    private static readonly HtmlParser Parser = new();

    public IHtmlDocument Page { get; private set; } = Parser.ParseDocument("");

    public Uri Url { get; private set; } = new("about:blank");

    public HttpStatusCode Status { get; private set; }

    public HttpResponseMessage Response { get; private set; } = new();

    public string Heading => Page.QuerySelector("h1")?.TextContent.Trim() ?? "";

    /// <summary>Another tab of the same browser: other pages, the same cookies.</summary>
    public PlainBrowser NewTab() => new(http);

    /// <summary>All of the page's words, blanks folded.</summary>
    public string Text => string.Join(' ', Page.Body!.TextContent.Split((char[])[' ', '\n', '\r', '\t'],
        StringSplitOptions.RemoveEmptyEntries));

    public async Task OpenAsync(string path) => await ShowAsync(await http.GetAsync(path));

    public Task ReloadAsync() => OpenAsync(Url.PathAndQuery);

    public async Task FollowAsync(string link) =>
        await OpenAsync(Page.QuerySelectorAll("a").Single(a => a.TextContent.Trim() == link).GetAttribute("href")!);

    /// <summary>What is wrong with a field, in the words beside it; empty where nothing is.</summary>
    public string ProblemOf(string label)
    {
        var describedBy = Field(label).GetAttribute("aria-describedby")?.Split(' ') ?? [];
        return string.Join(' ', describedBy.Where(id => id.EndsWith("-error", StringComparison.Ordinal))
            .Select(id => Page.GetElementById(id)!.TextContent.Trim()));
    }

    public string ValueOf(string label) => Field(label).Value;

    public string Summary => Page.QuerySelector("[role=alert]")?.TextContent.Trim() ?? "";

    /// <summary>Fills the form with that button and presses it, as a browser would send it from the page shown.</summary>
    public async Task SubmitAsync(string button, params (string Label, string Value)[] fields)
    {
        foreach (var (label, value) in fields)
            Fill(label, value);
        using var request = Request(button);
        await ShowAsync(await http.SendAsync(request));
    }

    /// <summary>The request that pressing the button would send, for tests that change it on its way.</summary>
    public HttpRequestMessage Request(string button, Func<string, bool>? keep = null)
    {
        var form = Page.Forms.Single(f => f.QuerySelectorAll("button").Any(b => b.TextContent.Trim() == button));
        var values = form.Elements.OfType<IHtmlInputElement>()
            .Where(i => i.Type != "checkbox" || i.IsChecked)
            .Where(i => keep?.Invoke(i.Name!) is not false)
            .Select(i => KeyValuePair.Create(i.Name!, i.Value));
        var pressed = form.QuerySelectorAll("button").Single(b => b.TextContent.Trim() == button);
        if (pressed.GetAttribute("name") is { } name)
            values = values.Append(KeyValuePair.Create(name, pressed.GetAttribute("value") ?? ""));
        var action = pressed.GetAttribute("formaction") ?? form.GetAttribute("action") ?? Url.PathAndQuery;
        var target = new Uri(Url, action);
        var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = new FormUrlEncodedContent(values) };
        request.Headers.Add("Origin", $"{Url.Scheme}://{Url.Authority}");
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        return request;
    }

    public async Task SendAsync(HttpRequestMessage request) => await ShowAsync(await http.SendAsync(request));

    public void Fill(string label, string value)
    {
        var field = Field(label);
        if (field.Type == "checkbox")
            field.IsChecked = value == "on";
        else
            field.Value = value;
    }

    private IHtmlInputElement Field(string label)
    {
        var labels = Page.QuerySelectorAll("label").OfType<IHtmlLabelElement>();
        var match = labels.Single(l => l.TextContent.Trim() == label);
        return (match.Control ?? match.QuerySelector("input")) as IHtmlInputElement
            ?? throw new InvalidOperationException($"No input is labelled '{label}'.");
    }

    private async Task ShowAsync(HttpResponseMessage response)
    {
        Response = response;
        Status = response.StatusCode;
        Url = response.RequestMessage!.RequestUri!;
        Page = Parser.ParseDocument(await response.Content.ReadAsStringAsync());
    }
}
