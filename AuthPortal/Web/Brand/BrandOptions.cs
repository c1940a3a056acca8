namespace AuthPortal.Web.Brand;

/// <summary>Whose portal people see. Section <c>Brand</c>.</summary>
internal sealed class BrandOptions
{
    public const string Section = "Brand";
    public const int LongestName = 40;

    /// <summary>What people know the site by: on pages, in mails, in authenticator apps, beside passkeys.</summary>
    public string? Name { get; set; }

    /// <summary>An https URL, or a file: under <c>wwwroot</c>, or anywhere the portal may read.</summary>
    public string? Logo { get; set; }

    /// <summary>A CSS hex colour, such as <c>#0a7d4f</c>: the ground of buttons; links are derived from it.</summary>
    public string? Accent { get; set; }

    /// <summary>Where the terms of use are.</summary>
    public string? Terms { get; set; }

    /// <summary>Where the privacy policy is.</summary>
    public string? Privacy { get; set; }

    /// <summary>Where people get help: a page, or a <c>mailto:</c>.</summary>
    public string? Support { get; set; }

    /// <summary>The name, or the product's own.</summary>
    public string Title => string.IsNullOrEmpty(Name) ? "AuthPortal" : Name;

    /// <summary>Null where the product's own colours are shown.</summary>
    public Palette? Palette => Colour.TryParse(Accent) is { } accent ? new Palette(accent) : null;

    /// <summary>What is under every page, in this order.</summary>
    public IEnumerable<(string Words, string Url)> Links => Agreed.Concat(Listed(("Support", Support)));

    /// <summary>What somebody agrees to who opens an account.</summary>
    public IEnumerable<(string Words, string Url)> Agreed => Listed(
        ("Terms of use", Terms), ("Privacy policy", Privacy));

    private static IEnumerable<(string Words, string Url)> Listed(params (string Words, string? Url)[] links) =>
        from link in links
        where !string.IsNullOrEmpty(link.Url)
        select (link.Words, link.Url);
}
