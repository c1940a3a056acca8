namespace AuthPortal.Web.Brand;

/// <summary>
/// What follows from an accent, so that all of it can be read in both themes: the words on it, and what is of its
/// colour on the portal's own grounds. Those are <c>portal.css</c>'s.
/// </summary>
internal sealed class Palette(Colour accent)
{
    /// <summary>WCAG 2.2 §1.4.3, for words.</summary>
    public const double Readable = 4.5;

    /// <summary>WCAG 2.2 §1.4.11, for what shows where something is.</summary>
    public const double Seen = 3;

    private static readonly Colour Dark = Colour.Parse("#151a29");

    private static readonly Theme Light = new(Colour.Black, Glow: 0.1, Ground: "#f3f5fb", "#ffffff", "#f4f6fb");

    private static readonly Theme Night = new(Colour.White, Glow: 0.15, Ground: "#0d1017", "#161a25", "#0f131c");

    public Colour Accent => accent;

    /// <summary>White or dark, whichever is read better.</summary>
    public Colour OnAccent => OnWhite >= OnDark ? Colour.White : Dark;

    /// <summary>
    /// Null where words on the accent can be read; else what is wrong, in figures, and a colour that would do.
    /// </summary>
    public string? Problem() => Math.Max(OnWhite, OnDark) >= Readable
        ? null
        : $"on it white text has a contrast of {Colour.InWords(OnWhite)} and dark text of {Colour.InWords(OnDark)}, "
            + $"and people need 4.5:1 (WCAG 2.2, 1.4.3). {Near(Colour.White, Colour.Black)} is a little darker and "
            + $"will do, and {Near(Dark, Colour.White)} is a little lighter";

    /// <summary>The stylesheet's properties.</summary>
    public string Css =>
        $$"""
        :root {
          --accent: {{accent}};
          --accent-hover: {{Hover}};
          --on-accent: {{OnAccent}};
          --accent-edge: light-dark({{Edge(Light)}}, {{Edge(Night)}});
          --link: light-dark({{Link(Light)}}, {{Link(Night)}});
          --glow: light-dark({{Glow(Light)}}, {{Glow(Night)}});
        }

        """;

    /// <summary>Further from its words, never nearer.</summary>
    private Colour Hover => accent.Mixed(OnAccent == Colour.White ? Colour.Black : Colour.White, 0.15);

    private double OnWhite => Colour.Contrast(accent, Colour.White);

    private double OnDark => Colour.Contrast(accent, Dark);

    private Colour Near(Colour words, Colour way) =>
        accent.Towards(way, ground => Colour.Contrast(ground, words) >= Readable);

    /// <summary>Around a button, and in a ticked box: the accent, or as much stronger as it takes to be seen.</summary>
    private Colour Edge(Theme theme) => Strengthened(theme, Seen);

    private Colour Link(Theme theme) => Strengthened(theme, Readable);

    private Colour Strengthened(Theme theme, double least) => accent.Towards(
        theme.Strong, shown => theme.Grounds.All(ground => Colour.Contrast(shown, Colour.Parse(ground)) >= least));

    private Colour Glow(Theme theme) => Colour.Parse(theme.Ground).Mixed(accent, theme.Glow);

    /// <param name="Strong">Where colours are mixed to, to stand out.</param>
    /// <param name="Glow">How much of the accent is in the light behind the card.</param>
    private sealed record Theme(Colour Strong, double Glow, string Ground, params string[] Others)
    {
        public IEnumerable<string> Grounds => [Ground, .. Others];
    }
}
