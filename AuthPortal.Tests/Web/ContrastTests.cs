using AuthPortal.Web.Brand;
using Xunit;

namespace AuthPortal.Tests.Web;

/// <summary>WCAG 2.2's formula, against figures that others publish, and what is derived by it.</summary>
public sealed class ContrastTests
{
    private static readonly (string Ground, string Card)[] Themes = [("#f3f5fb", "#ffffff"), ("#0d1017", "#161a25")];

    public static TheoryData<string> Accents() =>
    [
        "#000000", "#ffffff", "#ff0000", "#00ff00", "#0000ff", "#ffff00", "#00ffff", "#ff00ff", "#0a7d4f", "#ffd400",
        "#0b1f4b", "#e4002b", "#ff6a00", "#767676", "#161a25", "#f3f5fb",
    ];

    [Theory]
    [InlineData("#000000", "#ffffff", "21.00:1")]
    [InlineData("#ffffff", "#fff", "1.00:1")]
    [InlineData("#777777", "#ffffff", "4.47:1")] // 4.478, which many tools round to 4.48
    [InlineData("#767676", "#ffffff", "4.54:1")]
    [InlineData("#959595", "#ffffff", "2.99:1")] // the lightest grey of 3:1 is #949494
    [InlineData("#949494", "#ffffff", "3.03:1")]
    [InlineData("#ff0000", "#ffffff", "3.99:1")] // 3.998
    [InlineData("#0000ff", "#ffffff", "8.59:1")]
    [InlineData("#ffff00", "#000000", "19.55:1")]
    public void Contrast_is_what_others_say_it_is(string one, string other, string expected)
    {
        Assert.Equal(expected, Colour.InWords(Colour.Contrast(Colour.Parse(one), Colour.Parse(other))));
        Assert.Equal(expected, Colour.InWords(Colour.Contrast(Colour.Parse(other), Colour.Parse(one))));
    }

    [Theory]
    [InlineData("#3157d5", "#ffffff")]
    [InlineData("#ffd400", "#151a29")]
    public void Words_on_an_accent_are_white_or_dark_whichever_is_read_better(string accent, string words) =>
        Assert.Equal(words, new Palette(Colour.Parse(accent)).OnAccent.ToString());

    [Fact]
    public void An_accent_between_the_two_is_refused_and_both_ways_out_are_good()
    {
        var problem = new Palette(Colour.Parse("#777777")).Problem();

        Assert.StartsWith(
            "on it white text has a contrast of 4.47:1 and dark text of 3.87:1, and people need 4.5:1",
            problem,
            StringComparison.Ordinal);
        var suggested = System.Text.RegularExpressions.Regex.Matches(problem!, "#[0-9a-f]{6}");
        Assert.Equal(2, suggested.Count);
        Assert.All(suggested, colour => Assert.Null(new Palette(Colour.Parse(colour.Value)).Problem()));
    }

    [Theory]
    [MemberData(nameof(Accents))]
    public void Whatever_the_accent_all_of_it_can_be_read_in_both_themes(string accent)
    {
        var css = new Palette(Colour.Parse(accent)).Css;
        Assert.Contains($"--accent: {accent};", css, StringComparison.Ordinal);
        for (var theme = 0; theme < 2; theme++)
        {
            var (ground, card) = Themes[theme];
            foreach (var back in (string[])[ground, card])
            {
                AtLeast(4.5, Of("link", theme), back);
                AtLeast(3, Of("accent-edge", theme), back);
            }

            AtLeast(4.5, ((string[])["#535b73", "#a8b0c6"])[theme], Of("glow", theme));
            AtLeast(3, Of("link", theme), Of("glow", theme));
        }

        string Of(string name, int theme) =>
            System.Text.RegularExpressions.Regex.Match(css, $@"--{name}: light-dark\((#\w+), (#\w+)\)").Groups[theme + 1].Value;

        static void AtLeast(double least, string front, string back)
        {
            var contrast = Colour.Contrast(Colour.Parse(front), Colour.Parse(back));
            Assert.True(contrast >= least, $"{front} on {back}: {Colour.InWords(contrast)}");
        }
    }

    [Theory]
    [InlineData("red")]
    [InlineData("#12345")]
    [InlineData("#gggggg")]
    [InlineData("0a7d4f")]
    [InlineData("#0a7d4f;}")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_no_colour_is_none(string? text) => Assert.Null(Colour.TryParse(text));
}
