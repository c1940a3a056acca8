using Microsoft.Extensions.Options;

namespace AuthPortal.Web.Brand;

internal sealed class BrandOptionsValidator(IWebHostEnvironment environment) : IValidateOptions<BrandOptions>
{
    public ValidateOptionsResult Validate(string? name, BrandOptions options) =>
        (ProblemOfName(options.Name) ?? ProblemOfAccent(options.Accent)
            ?? BrandFiles.ProblemOfLogo(options, environment)
            ?? ProblemOfPage("Terms", options.Terms) ?? ProblemOfPage("Privacy", options.Privacy)
            ?? ProblemOfSupport(options.Support)) is { } problem
                ? ValidateOptionsResult.Fail(problem)
                : ValidateOptionsResult.Success;

    /// <summary>It is in every title, and authenticators cut what is longer.</summary>
    private static string? ProblemOfName(string? name) =>
        string.IsNullOrEmpty(name)
        || (name.Length <= BrandOptions.LongestName && name.Trim() == name && PlainText.IsWellFormed(name)
            && !name.Any(char.IsControl))
            ? null
            : $"Brand__Name must be one line of at most {BrandOptions.LongestName} characters, with no blank at its "
                + "ends.";

    private static string? ProblemOfAccent(string? accent)
    {
        if (string.IsNullOrEmpty(accent))
            return null;
        if (Colour.TryParse(accent) is not { } colour)
            return $"Brand__Accent is \"{accent}\": it must be a colour as #rgb or #rrggbb, such as #0a7d4f.";
        return new Palette(colour).Problem() is { } problem ? $"Brand__Accent is \"{accent}\": {problem}." : null;
    }

    private static string? ProblemOfPage(string setting, string? url) =>
        string.IsNullOrEmpty(url) || IsAddress(url, "https", "http")
            ? null
            : $"Brand__{setting} is \"{url}\": it must be the address of a page, such as https://example.com/terms.";

    private static string? ProblemOfSupport(string? url) =>
        string.IsNullOrEmpty(url) || IsAddress(url, "https", "http", "mailto")
            ? null
            : $"Brand__Support is \"{url}\": it must be an address with its scheme, such as https://example.com/help "
                + "or mailto:help@example.com.";

    /// <summary>Anything else in a link could run something.</summary>
    private static bool IsAddress(string text, params ReadOnlySpan<string> schemes) =>
        text.All(letter => letter is > ' ' and <= '~')
        && Uri.TryCreate(text, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme)
        && (uri.Scheme == Uri.UriSchemeMailto || uri.Host.Length > 0);
}
