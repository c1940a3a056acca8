using System.Reflection;
using System.Text.RegularExpressions;
using AuthPortal.Tests.Support;
using AuthPortal.Web;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace AuthPortal.Tests;

/// <summary>The rules of the house, kept by the build rather than by memory.</summary>
public sealed partial class HouseTests(Portal portal) : IClassFixture<Portal>
{
    private static readonly IReadOnlyList<SourceFile> Product = Source.Product;

    // Who may know whom. Program.cs, and what stands beside it, knows everyone.
    private static readonly Dictionary<string, string[]> Knows = new()
    {
        ["Database"] = [],
        ["Languages"] = [],
        ["Web"] = ["Languages"],
        ["Passwords"] = ["Languages", "Web"],
        ["Users"] = ["Database", "Web"],
        ["Keys"] = ["Database", "Web"],
        ["Audit"] = ["Keys", "Database", "Web"],
        ["Throttling"] = ["Keys", "Audit", "Database", "Web"],
        ["Mail"] = ["Audit", "Database", "Languages", "Web"],
        ["Tokens"] = ["Users", "Keys", "Audit", "Mail", "Database", "Web"],
        ["Passkeys"] = ["Tokens", "Users", "Keys", "Audit", "Database", "Languages", "Web"],
        ["CommandLine"] = ["SecondFactor", "Tokens", "Users", "Passwords", "Keys", "Audit", "Mail", "Database", "Web"],
        ["SecondFactor"] = ["Users", "Keys", "Database", "Web"],
        ["Features"] =
        [
            "Passkeys", "SecondFactor", "Tokens", "Throttling", "Users", "Passwords", "Keys", "Audit", "Mail",
            "Database", "Languages", "Web",
        ],
    };

    [Fact]
    public void Folders_know_only_the_folders_below_them() =>
        Assert.Empty(
            from file in Product
            where file.Path.Contains('/', StringComparison.Ordinal)
            let own = file.Path.Split('/')[0]
            where Knows.ContainsKey(own)
            from Match use in FolderUse().Matches(file.Text)
            let other = use.Groups[1].Value
            where other != own && Knows.ContainsKey(other) && !Knows[own].Contains(other)
            select $"{file.Path} knows {other}");

    [Fact]
    public void Every_folder_has_its_place_in_the_order() =>
        Assert.Empty(Product
            .Where(file => file.Path.Contains('/', StringComparison.Ordinal) && file.Path.EndsWith(".cs", StringComparison.Ordinal))
            .Select(file => file.Path.Split('/')[0])
            .Distinct()
            .Except(Knows.Keys));

    [Fact]
    public void A_feature_never_mentions_another_feature() =>
        Assert.Empty(
            from file in Product
            where file.Path.StartsWith("Features/", StringComparison.Ordinal) && file.Path.Count(c => c == '/') > 1
            let own = file.Path.Split('/')[1]
            from Match use in FeatureUse().Matches(file.Text)
            where use.Groups[1].Value != own
            select $"{file.Path} uses {use.Value}");

    [Fact]
    public void Sql_is_written_only_in_stores() =>
        Assert.Empty(
            from file in Product
            where !file.Path.StartsWith("Database/", StringComparison.Ordinal)
                && !file.Path.EndsWith("Store.cs", StringComparison.Ordinal)
            where Statement().IsMatch(file.Text)
            select file.Path);

    [Fact]
    public void Cookies_are_set_in_one_place() =>
        Assert.Equal(
            ["Tokens/AuthCookies.cs"],
            from file in Product
            where file.Text.Contains("SetCookie", StringComparison.Ordinal)
                || file.Text.Contains("Cookies.Append", StringComparison.Ordinal)
            select file.Path);

    [Fact]
    public void Passwords_are_judged_where_the_verdict_goes_on_record() =>
        Assert.Equal(
            ["Features/Shared/PasswordGuesses.cs", "Features/Shared/PasswordProof.cs", "Features/SignIn/SignInService.cs"],
            from file in Product
            where file.Path.StartsWith("Features/", StringComparison.Ordinal)
                && file.Text.Contains("PasswordVerdict.", StringComparison.Ordinal)
            orderby file.Path
            select file.Path);

    [Fact]
    public void Time_and_chance_come_from_where_they_can_be_trusted() =>
        Assert.Empty(
            from file in Product
            where file.Path.EndsWith(".cs", StringComparison.Ordinal)
            where Untrusted().IsMatch(file.Text)
            select file.Path);

    [Fact]
    public void Files_are_short_and_lines_are_narrow() =>
        Assert.Empty(
            from file in Product
            let lines = file.Text.Split('\n')
            let widest = lines.Max(line => line.Length)
            where file.Path.EndsWith(".cs", StringComparison.Ordinal) && (lines.Length > 201 || widest > 120)
            select $"{file.Path}: {lines.Length} lines, the widest {widest}");

    [Fact]
    public void Every_json_body_is_a_public_type()
    {
        using var client = portal.Program();
        var bodies = portal.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<JsonBodyType>()?.Type)
            .OfType<Type>()
            .ToList();

        Assert.NotEmpty(bodies);
        Assert.All(bodies, body => Assert.True(body.IsVisible, $"{body.Name} is not public"));
    }

    public static TheoryData<string> Statements() =>
        [.. StatementsByName().Select(statement => statement.Key).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Statements))]
    public async Task Every_statement_is_understood_by_the_migrated_database(string name)
    {
        await using var source = NpgsqlDataSource.Create(portal.Database);
        await using var command = source.CreateCommand(
            $"prepare check_it as {Numbered(StatementsByName()[name])}");
        await command.ExecuteNonQueryAsync();
    }

    private static Dictionary<string, string> StatementsByName() => (
        from type in typeof(Program).Assembly.GetTypes()
        where type.Name.EndsWith("Store", StringComparison.Ordinal)
        from constant in type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)
        where constant.IsLiteral && constant.Name.EndsWith("Sql", StringComparison.Ordinal)
        select KeyValuePair.Create($"{type.Name}.{constant.Name}", (string)constant.GetRawConstantValue()!)).ToDictionary();

    /// <summary>With $1, $2 … for the names, as PREPARE wants them.</summary>
    private static string Numbered(string sql)
    {
        var names = new List<string>();
        return Parameter().Replace(sql, match =>
        {
            if (!names.Contains(match.Value))
                names.Add(match.Value);
            return $"${names.IndexOf(match.Value) + 1}";
        });
    }

    [GeneratedRegex(@"(?<!@)@\w+")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"AuthPortal\.Features\.(\w+)")]
    private static partial Regex FeatureUse();

    [GeneratedRegex(@"using AuthPortal\.(\w+)")]
    private static partial Regex FolderUse();

    [GeneratedRegex("\"\\s*(select|insert into|update|delete from|with)\\s[^\"]*\\s(from|set|values|as)\\s", RegexOptions.IgnoreCase)]
    private static partial Regex Statement();

    [GeneratedRegex(@"DateTime(Offset)?\.(Utc)?Now|new Random\(")]
    private static partial Regex Untrusted();
}
