using System.Net;
using System.Text;
using AuthPortal.Languages;
using AuthPortal.Web.Brand;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace AuthPortal.Mail;

/// <summary>
/// A letter's two forms: words alone, and HTML that fetches nothing. No colours but the button's, so that a mail
/// program's dark theme holds. The language is that of the request that the letter is written in.
/// </summary>
internal sealed class LetterRenderer(
    IOptions<MailOptions> options, IOptions<BrandOptions> brand, IStringLocalizer<Words> words)
{
    private const string Small = "margin:0 0 16px;font-size:14px;overflow-wrap:anywhere";

    private readonly string _button =
        "display:inline-block;padding:12px 20px;border-radius:8px;font-weight:600;text-decoration:none;"
        + (brand.Value.Palette is { } palette
            ? $"background:{palette.Accent};color:{palette.OnAccent}"
            : "background:#3157d5;color:#ffffff");

    /// <summary>The letter in the reader's language: what the other two are to be given.</summary>
    public Letter Say(Letter letter) => new(
        words.Say(letter.Subject),
        [.. letter.Paragraphs.Select(Say)],
        letter.Link is { } link ? link with { Words = words.Say(link.Words) } : null,
        [.. (letter.Closing ?? []).Select(Say)]);

    private Phrase Say(Phrase phrase) => words.Say(phrase);

    public string Text(Letter letter)
    {
        var text = new StringBuilder();
        Append(letter.Paragraphs);
        if (letter.Link is { } link)
            Append([$"{link.Words}:\n{Checked(link)}"]);
        Append(letter.Closing ?? []);

        // RFC 3676 §4.3: what follows such a line is a signature.
        return text.Append("-- \n").Append(options.Value.FromName).Append('\n').ToString();

        void Append(IEnumerable<Phrase> paragraphs) =>
            text.AppendJoin("", paragraphs.Select(paragraph => $"{paragraph}\n\n"));
    }

    public string Html(Letter letter) => $"""
        <!DOCTYPE html>
        <html lang="{Language.Current.Tag}" dir="{Language.Current.Direction}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{Encoded(letter.Subject)}</title>
        </head>
        <body style="margin:0;padding:24px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif">
        <div style="max-width:560px;margin:0 auto">
        <h1 style="margin:0 0 16px;font-size:22px;line-height:1.25">{Encoded(letter.Subject)}</h1>
        {Paragraphs(letter.Paragraphs)}
        {(letter.Link is { } link ? Linked(link) : "")}
        {Paragraphs(letter.Closing ?? [])}
        <p style="margin:24px 0 0;font-size:14px">{Encoded(options.Value.FromName)}</p>
        </div>
        </body>
        </html>

        """;

    private string Linked(LetterLink link)
    {
        var url = Encoded(Checked(link));
        return $"""
            <p style="margin:24px 0"><a href="{url}" style="{_button}">{Encoded(link.Words)}</a></p>
            <p style="{Small}">{Encoded(words["Or open this address:"])} <a href="{url}">{url}</a></p>
            """;
    }

    private static string Paragraphs(IEnumerable<Phrase> paragraphs) =>
        string.Join('\n', paragraphs.Select(p => $"<p style=\"margin:0 0 16px\">{Encoded($"{p}")}</p>"));

    /// <summary>A link that a mail can't follow, or that runs something, is a bug of ours.</summary>
    private static string Checked(LetterLink link) =>
        Uri.TryCreate(link.Url, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"
            && !link.Url.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
            ? link.Url
            : throw new ArgumentException("A letter's link must be an absolute address.", nameof(link));

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
