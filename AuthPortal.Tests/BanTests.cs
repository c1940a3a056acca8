using System.Reflection;
using System.Text.RegularExpressions;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests;

/// <summary>What no file of the product does.</summary>
public sealed partial class BanTests
{
    /// <summary>No statement is put together at run time: nothing that anybody typed is ever part of one.</summary>
    [Fact]
    public void A_store_sends_constants_alone()
    {
        var sent = (
            from file in Source.Product
            where file.Path.EndsWith("Store.cs", StringComparison.Ordinal)
            from Match call in SentStatement().Matches(file.Text)
            let sql = call.Groups[1].Value
            let isHandedOn = sql == "sql" && file.Text.Contains("Async(string sql, ", StringComparison.Ordinal)
            select (file.Path, Sql: isHandedOn ? "which of two the caller says: Sql" : sql)).ToList();

        Assert.True(sent.Count > 40, $"only {sent.Count} calls were found");
        Assert.All(sent, call => Assert.EndsWith("Sql", call.Sql, StringComparison.Ordinal));
    }

    /// <summary>Razor writes text as text; what it is told to write raw, we have drawn ourselves.</summary>
    [Fact]
    public void Markup_is_written_raw_in_one_place() =>
        Assert.Equal(
            ["Features/TwoFactor/_Invitation.cshtml"], // the QR code
            from file in Source.Product
            where file.Text.Contains("Html.Raw", StringComparison.Ordinal)
                || file.Text.Contains("HtmlString(", StringComparison.Ordinal)
            select file.Path);

    public static TheoryData<string> Bans =>
    [
        .. File.ReadLines(Path.Combine(Source.Root, "AuthPortal", "BannedSymbols.txt"))
            .Where(line => !line.StartsWith("//", StringComparison.Ordinal))
            .Select(line => line.Split(';')[0]),
    ];

    /// <summary>The analyzer passes over a ban that is misspelt, or whose symbol was renamed, without a word.</summary>
    [Theory]
    [MemberData(nameof(Bans))]
    public void Every_ban_names_something_that_exists(string id)
    {
        var ban = Ban().Match(id);
        var owner = ban.Groups["owner"].Value;
        var type = Assert.Single(
            typeof(Program).Assembly.GetReferencedAssemblies().Select(Assembly.Load)
                .Select(assembly => assembly.GetType(owner)).OfType<Type>().Distinct());
        if (id.StartsWith("T:", StringComparison.Ordinal))
            return;

        var name = ban.Groups["member"].Value.Replace('#', '.');
        var parameters = ban.Groups["parameters"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries);
        Assert.Single(type.GetMember(name), member => member is not MethodBase method
            || method.GetParameters().Select(p => p.ParameterType.FullName).SequenceEqual(parameters));
    }

    [GeneratedRegex(@"\bdb\.(?:Find|List|Execute)Async(?:<[^(]*>)?\(\s*([^,\s]+)")]
    private static partial Regex SentStatement();

    [GeneratedRegex(@"^(T:(?<owner>[\w.]+)|[MP]:(?<owner>[\w.]+)\.(?<member>#?\w+)(\((?<parameters>.*)\))?)$")]
    private static partial Regex Ban();
}
