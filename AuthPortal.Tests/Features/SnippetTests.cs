using System.Text.RegularExpressions;
using AuthPortal.Features.Developers;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>What people copy from the documentation is what the interop tests run.</summary>
public sealed partial class SnippetTests
{
    [Theory, InlineData("python", "notes.py"), InlineData("js", "notes.mjs")]
    public void The_followers_shown_are_parts_of_the_services_to_copy(string language, string file)
    {
        var whole = Verifier.All.Single(verifier => verifier.File == file).TextFor(Verifier.DefaultIssuer);

        var shown = Fences().Matches(Read("docs/revocations.md"))
            .Where(fence => fence.Groups["language"].Value == language).Select(fence => fence.Groups["code"].Value);

        Assert.NotEmpty(shown);
        Assert.All(shown, code => Assert.Contains(code, whole, StringComparison.Ordinal));
    }

    [Fact]
    public void The_README_shows_the_services_to_copy_word_for_word()
    {
        var readme = Read("README.md");

        Assert.All(Verifier.All, verifier => Assert.True(
            readme.Contains(verifier.TextFor(Verifier.DefaultIssuer), StringComparison.Ordinal),
            $"README.md differs from AuthPortal/Features/Developers/Verifiers/{verifier.File}: paste that file again."));
    }

    [Fact]
    public void The_service_that_asks_for_a_fresh_sign_in_is_shown_word_for_word() =>
        Assert.Contains(
            Read("AuthPortal.Tests/Interop/payments.mjs"), Read("docs/step-up.md"), StringComparison.Ordinal);

    private static string Read(string path) => File.ReadAllText(Path.Combine(Source.Root, path));

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<code>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fences();
}
