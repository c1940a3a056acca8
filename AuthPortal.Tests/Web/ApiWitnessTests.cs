using System.Net;
using System.Text;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Web;

/// <summary>That a wrong document would be heard of: every other test relies on <see cref="ApiWitness"/>.</summary>
public sealed class ApiWitnessTests(OpenApiTests.DescribedPortal portal)
    : IClassFixture<OpenApiTests.DescribedPortal>
{
    private const string Unauthorized =
        """{"type":"about:blank","title":"t","status":401,"detail":"d","message":"m","code":"UNAUTHORIZED"}""";

    [Fact]
    public void What_is_listed_is_let_pass() => Assert.Empty(
        Problems(HttpStatusCode.Unauthorized, Unauthorized, "application/problem+json"));

    [Theory]
    [InlineData(401, "INVALID_CODE", "INVALID_CODE")] // a code of other calls
    [InlineData(418, "UNAUTHORIZED", "418")]
    public void A_code_or_a_status_that_is_not_listed_is_told(int status, string code, string told) => Assert.Contains(
        told,
        Assert.Single(Problems(
            (HttpStatusCode)status, Unauthorized.Replace("UNAUTHORIZED", code), "application/problem+json")));

    [Theory]
    [InlineData("""{"token":7}""", "token")]
    [InlineData("{}", "lacks token")]
    [InlineData("""{"token":"t","more":1}""", "more")]
    public void A_body_that_is_not_as_listed_is_told(string body, string told) =>
        Assert.Contains(told, Assert.Single(Problems(HttpStatusCode.OK, body, "application/json")));

    [Fact]
    public void A_request_that_was_taken_though_it_is_not_as_listed_is_told()
    {
        var done = new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent("""{"status":true}""", Encoding.UTF8, "application/json"),
        };
        var call = portal.Api.Find("POST", "/api/auth/revoke-session")!;
        Assert.Contains("lacks token", Assert.Single(call.Problems("{}", done, """{"status":true}""")));
        Assert.Empty(call.Problems("""{"token":"t","unknown":1}""", done, """{"status":true}"""));
    }

    private List<string> Problems(HttpStatusCode status, string body, string mediaType)
    {
        var answer = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, mediaType) };
        return [.. portal.Api.Find("GET", "/api/auth/token")!.Problems(null, answer, body)];
    }
}
