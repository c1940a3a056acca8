using System.Reflection;
using System.Text.RegularExpressions;
using AuthPortal.Tests.CommandLine;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests;

/// <summary>What the documents name exists: tests, files, targets, commands, and where their links lead.</summary>
public sealed partial class DocsTests(Portal portal) : IClassFixture<Portal>
{
    private static readonly Dictionary<string, string> Documents =
        Directory.EnumerateFiles(Path.Combine(Source.Root, "docs"), "*.md")
            .Append(Path.Combine(Source.Root, "README.md"))
            .ToDictionary(file => Path.GetRelativePath(Source.Root, file), File.ReadAllText);

    private static readonly ILookup<string, Type> Tests =
        typeof(DocsTests).Assembly.GetTypes().ToLookup(type => type.Name, StringComparer.Ordinal);

    [Fact]
    public void Every_test_they_name_exists()
    {
        var named = Named(NamedTest()).ToList();

        Assert.True(named.Count > 150, $"only {named.Count} were found");
        Assert.Empty(named.Where(test => !Exists(test.Name.Split('.'))).Select(test => $"{test.In}: {test.Name}"));
    }

    /// <summary>Whatever one of our own names stands for: a class of tests, a drill, a helper.</summary>
    [Fact]
    public void Everything_the_checks_are_held_by_exists()
    {
        var named = Held().Matches(Documents["docs/checks.md"]).Select(match => match.Groups[1].Value).ToList();

        Assert.True(named.Count > 60, $"only {named.Count} were found");
        Assert.All(named, name => Assert.True(Tests.Contains(name), name));
    }

    [Fact]
    public void Every_file_and_every_target_they_name_exists()
    {
        var targets = File.ReadAllText(Path.Combine(Source.Root, "Makefile"));
        Assert.Empty(
            from file in Named(SourcePath())
            where !Path.Exists(Path.Combine(Source.Root, file.Name))
            select $"{file.In}: {file.Name}");
        Assert.Empty(
            from target in Named(Target())
            where !Regex.IsMatch(targets, $"(?m)^{target.Name}:")
            select $"{target.In}: make {target.Name}");
    }

    [Fact]
    public void Every_link_within_them_leads_somewhere() => Assert.Empty(
        from document in Documents
        from Match link in Link().Matches(document.Value)
        let file = link.Groups["file"].Value is { Length: > 0 } other
            ? Path.GetRelativePath(Source.Root, Path.Combine(Source.Root, Path.GetDirectoryName(document.Key)!, other))
            : document.Key
        let anchor = link.Groups["anchor"].Value
        where !Path.Exists(Path.Combine(Source.Root, file))
            || (anchor.Length > 0 && !(Documents.TryGetValue(file, out var text) && Anchors(text).Contains(anchor)))
        select $"{document.Key}: {link.Value}");

    public static TheoryData<string> Commands() =>
        [.. Documents.Values.SelectMany(text => Command().Matches(text)).Select(m => m.Groups[1].Value).Distinct()];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_they_tell_to_type_is_understood(string command) =>
        Assert.Equal(0, (await portal.RunAsync($"{command} --help")).ExitCode);

    private static IEnumerable<(string In, string Name)> Named(Regex what) =>
        from document in Documents
        from Match match in what.Matches(document.Value)
        select (document.Key, match.Groups[1].Value);

    private static bool Exists(string[] name) => Tests[name[0]].Any(type =>
        name is [_] || type.GetMethod(name[1], BindingFlags.Public | BindingFlags.Instance) is not null);

    /// <summary>As GitHub names a heading: small letters, blanks to hyphens, no other marks.</summary>
    private static IEnumerable<string> Anchors(string text) => Heading().Matches(text).Select(match =>
        Mark().Replace(match.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"`(\w+Tests(?:\.\w+)?|[A-Z]\w+\.[A-Z][a-z]*_\w+)`")]
    private static partial Regex NamedTest();

    [GeneratedRegex(@"`([A-Z][a-z]\w+)`")]
    private static partial Regex Held();

    [GeneratedRegex(@"`((?:AuthPortal|AuthPortal\.Tests|docs|build|\.ci)/[\w./-]+)`")]
    private static partial Regex SourcePath();

    [GeneratedRegex(@"`make ([a-z-]+)")]
    private static partial Regex Target();

    [GeneratedRegex(@"(?m)^(?:\w+=\S+ )*dotnet AuthPortal\.dll ([a-z][a-z-]*(?: [a-z][a-z-]*)*)")]
    private static partial Regex Command();

    [GeneratedRegex(@"\]\((?<file>(?!https?:|mailto:)[\w./-]*)(#(?<anchor>[\w-]+))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?m)^#+ (.+?)\s*$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Mark();
}
