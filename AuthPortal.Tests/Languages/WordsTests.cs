using System.Collections;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using AuthPortal.Languages;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Languages;

/// <summary>Each language says everything, nothing else, and about the same things.</summary>
public sealed partial class WordsTests
{
    private static readonly ResourceManager Resources = new(typeof(Words));

    /// <summary>What is written alike in both.</summary>
    private static readonly Dictionary<string, string[]> Alike = new()
    {
        ["de"] = ["Name", "Code", "Passkey", "Passkeys", "{0}, {1}"],
        ["es"] = ["Error {0}", "Error:", "{0}, {1}"],
        ["fr"] = ["Code", "{0} minutes", "{0}, {1}"],
        ["ja"] = [],
        ["ar"] = [],
    };

    public static TheoryData<string> Others() =>
        [.. Language.All.Where(language => language != Language.English).Select(language => language.Tag)];

    [Theory, MemberData(nameof(Others))]
    public void No_word_is_missing_and_none_is_left_over(string tag)
    {
        var translated = Translations(tag);

        Assert.True(SourceWords.Keys.Count > 350, $"only {SourceWords.Keys.Count} texts were found");
        Assert.Empty(SourceWords.Keys.Except(translated.Keys));
        Assert.Empty(translated.Keys.Except(SourceWords.Keys));
    }

    [Theory, MemberData(nameof(Others))]
    public void What_is_put_in_and_what_is_marked_up_stays(string tag) =>
        Assert.Empty(
            from text in Translations(tag)
            where !Fixed(text.Key).SequenceEqual(Fixed(text.Value))
            select text.Key);

    [Theory, MemberData(nameof(Others))]
    public void Nothing_is_left_in_English(string tag) =>
        Assert.Equal(
            Alike[tag].Order(StringComparer.Ordinal),
            Translations(tag).Where(text => text.Key == text.Value).Select(text => text.Key).Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Others))]
    public void A_phrase_within_a_phrase_is_said_in_the_language_too(string tag)
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(tag);
        var words = Spoken.Words.Say(new Phrase("Too many tries. Please wait {0}, then try again.", new Phrase("a second")));

        Assert.Contains(Translations(tag)["a second"], words, StringComparison.Ordinal);
        Assert.DoesNotContain("second,", words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "5 March 2031, 04:05 UTC")]
    [InlineData("de", "5. März 2031, 04:05 UTC")]
    [InlineData("es", "5 de marzo de 2031, 04:05 UTC")]
    [InlineData("fr", "5 mars 2031 à 04:05 UTC")]
    [InlineData("ja", "2031年3月5日 04:05 (UTC)")]
    [InlineData("ar", "5 مارس 2031، 04:05 UTC")]
    public void A_moment_is_written_as_the_language_writes_it(string tag, string words)
    {
        var language = Language.Find(tag)!;

        Assert.Equal(words, language.Write(new DateTimeOffset(2031, 3, 5, 4, 5, 6, TimeSpan.Zero), language.Moment));
    }

    private static Dictionary<string, string> Translations(string tag) =>
        Resources.GetResourceSet(CultureInfo.GetCultureInfo(tag), createIfNotExists: true, tryParents: false)!
            .Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);

    /// <summary>Placeholders and tags with their attributes, in no order: languages differ in that.</summary>
    private static IEnumerable<string> Fixed(string text) =>
        Mark().Matches(text).Select(match => match.Value).Order(StringComparer.Ordinal);

    [GeneratedRegex("""\{\d\}|<[^>]+>""")]
    private static partial Regex Mark();
}
