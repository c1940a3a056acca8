using System.Reflection;
using System.Text.RegularExpressions;
using AuthPortal.Tests.Support;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>
/// Anybody can send somebody an address, so no page says by its address alone that something was done. Every page is
/// walked with every parameter that any page reads, and with those that once had them say such things.
/// </summary>
public sealed partial class AddressAloneTests(PatientPortal portal) : IClassFixture<PatientPortal>
{
    private static readonly string[] Once =
        ["saved", "done", "asked", "restored", "signedOut", "tooLate", "secondFactor", "passkey", "eraseAt"];

    private static readonly string[] Values = ["true", "1", "off", "added", "renamed", "removed", "1928000000"];

    private static readonly Type[] Models =
        [.. typeof(Program).Assembly.GetTypes().Where(typeof(PageModel).IsAssignableFrom)];

    /// <summary>Whatever a page takes from its query: asked for by name, bound, or handed to what answers a GET.</summary>
    private static readonly string[] Parameters =
    [
        .. from file in Source.Product
           where file.Path.StartsWith("Features/", StringComparison.Ordinal)
           from Match asked in Asked().Matches(file.Text)
           select asked.Groups["name"].Value,
        .. from model in Models
           from property in model.GetProperties()
           where property.GetCustomAttribute<BindPropertyAttribute>() is { SupportsGet: true }
           select property.Name,
        .. from model in Models
           from method in model.GetMethods()
           where method.Name.StartsWith("OnGet", StringComparison.Ordinal)
           from parameter in method.GetParameters()
           where parameter.ParameterType != typeof(CancellationToken)
           select parameter.Name,
    ];

    [Theory]
    [InlineData("a stranger")]
    [InlineData("signed in")]
    public async Task No_page_says_that_something_was_done_because_its_address_says_so(string visitor)
    {
        Assert.Contains("returnUrl", Parameters, StringComparer.OrdinalIgnoreCase);
        Assert.Contains("max_age", Parameters);
        var names = Parameters.Concat(Once).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var browser = portal.Browser();
        if (visitor == "signed in")
            await browser.SignUpAsync();
        var pages = (
            from endpoint in portal.Endpoints()
            where endpoint.Metadata.GetMetadata<PageActionDescriptor>() is not null
            from request in endpoint.Requests()
            select request.RequestUri!.OriginalString).Distinct().ToList();
        Assert.True(pages.Count > 20, $"only {pages.Count} pages were found");

        var queries = names.Select(name => $"?{name}=true")
            .Concat(Values.Select(value => $"?{string.Join('&', names.Select(name => $"{name}={value}"))}"));
        foreach (var page in pages)
        {
            var usual = await SaysAsync(browser, page);
            Assert.DoesNotContain("status: ", usual, StringComparison.Ordinal);
            foreach (var query in queries)
                Assert.Equal($"{page}: {usual}", $"{page}: {await SaysAsync(browser, page + query)}");
        }
    }

    /// <summary>The heading, and what is announced as done.</summary>
    private static async Task<string> SaysAsync(PlainBrowser browser, string address)
    {
        await browser.OpenAsync(address);
        var announced = browser.Page.QuerySelectorAll("[role=status]").Select(part => part.TextContent.Trim())
            .Where(words => words.Length > 0).Select(words => $"status: {words}");
        return string.Join(" | ", announced.Prepend(browser.Heading));
    }

    [GeneratedRegex("""(?:Query\["|FromQuery\(Name = ")(?<name>\w+)""")]
    private static partial Regex Asked();
}
