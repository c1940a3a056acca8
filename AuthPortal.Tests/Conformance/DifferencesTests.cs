using System.Text.RegularExpressions;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Conformance;

/// <summary>That the list of intended differences is one list, and of exchanges there are.</summary>
public sealed partial class DifferencesTests
{
    private readonly Differences _differences = Differences.Load();

    [Fact]
    public void Every_difference_is_explained_and_every_explanation_is_of_one()
    {
        var page = File.ReadAllText(Path.Combine(Source.Root, "docs", "better-auth.md"));
        var explained = Row().Matches(page).Select(row => row.Groups[1].Value);

        Assert.Equal(_differences.Intended.Keys.Order(StringComparer.Ordinal), explained.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void They_cover_recorded_exchanges_and_each_but_once()
    {
        var recorded = Exchange.All.ToDictionary(e => e.N);
        var covered = _differences.Intended.Values.SelectMany(answers => answers.Keys)
            .Concat(_differences.NotApplicable.SelectMany(skip => skip.Exchanges ?? [])).ToList();

        Assert.Empty(covered.Except(recorded.Keys));
        Assert.Equal(covered.Count, covered.Distinct().Count());
        Assert.DoesNotContain(covered, n => _differences.NotApplicable.Any(skip => skip.Config == recorded[n].Config));
        Assert.Empty(_differences.NotApplicable.Select(skip => skip.Config).OfType<string>()
            .Except(Exchange.All.Select(e => e.Config)));
    }

    [GeneratedRegex(@"^\| `([a-z0-9-]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
