using System.Text.Json.Nodes;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests;

/// <summary>
/// Nothing is shipped below the versions in <c>build/floor-versions.txt</c> (ASVS 15.1.1, 15.2.1), and what is restored
/// is what the lock files say.
/// </summary>
public sealed class FloorVersionTests
{
    private static readonly string[] Projects = ["AuthPortal", "AuthPortal.Tests"];

    public static TheoryData<string, string> Floors()
    {
        var floors = new TheoryData<string, string>();
        foreach (var line in File.ReadLines(Path.Combine(Source.Root, "build", "floor-versions.txt")))
        {
            if (line.Length > 0 && line[0] != '#' && line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries) is var parts)
                floors.Add(parts[0], parts[1]);
        }

        return floors;
    }

    [Theory, MemberData(nameof(Floors))]
    public void No_package_and_no_runtime_is_below_its_floor(string name, string floor)
    {
        var held = Resolved().Append(("Microsoft.NETCore.App", $"{Environment.Version}"))
            .Where(package => Matches(name, package.Item1))
            .ToList();

        Assert.NotEmpty(held);
        Assert.All(held, package => Assert.True(
            Parse(package.Item2) >= Parse(floor), $"{package.Item1} is {package.Item2}, below {floor}"));
    }

    [Fact]
    public void Every_package_of_both_projects_is_locked_by_its_hash()
    {
        Assert.All(Projects, project => Assert.NotEmpty(Packages(project)));
        Assert.All(
            Projects.SelectMany(Packages).Where(package => package.Value!["type"]!.GetValue<string>() != "Project"),
            package => Assert.NotEmpty(package.Value!["contentHash"]!.GetValue<string>()));
    }

    [Theory, InlineData("linux-x64"), InlineData("linux-arm64")]
    public void A_release_for_a_machine_holds_the_packages_that_were_tried(string machine)
    {
        JsonNode Tried(string file) => Lock("AuthPortal", file)["net10.0"]!;

        Assert.True(JsonNode.DeepEquals(Tried("packages.lock.json"), Tried($"packages.{machine}.lock.json")),
            $"packages.{machine}.lock.json is behind: dotnet publish AuthPortal -r {machine} writes it anew.");
    }

    private static IEnumerable<(string Name, string Version)> Resolved() =>
        from project in Projects
        from package in Packages(project)
        where package.Value!["resolved"] is not null
        select (package.Key, package.Value!["resolved"]!.GetValue<string>());

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Packages(string project) =>
        Lock(project, "packages.lock.json").SelectMany(framework => framework.Value!.AsObject());

    private static JsonObject Lock(string project, string file) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Source.Root, project, file)))!["dependencies"]!.AsObject();

    private static bool Matches(string pattern, string name) => pattern.EndsWith('*')
        ? name.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase)
        : name.Equals(pattern, StringComparison.OrdinalIgnoreCase);

    private static Version Parse(string version) => Version.Parse(version.Split('-')[0]);
}
