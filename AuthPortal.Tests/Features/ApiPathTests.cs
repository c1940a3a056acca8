using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>What answers where nothing is.</summary>
public sealed class ApiPathTests(PortalOfAda portal) : IClassFixture<PortalOfAda>
{
    private readonly HttpClient _http = portal.Stranger();

    [Theory]
    [InlineData("GET", "/api/auth")]
    [InlineData("GET", "/api/auth/")]
    [InlineData("GET", "/api/auth/no-such-thing")]
    [InlineData("POST", "/api/auth/no-such-thing")]
    [InlineData("POST", "/api/auth/forget-password")]
    [InlineData("GET", "/api/auth/sign-in/email")]
    [InlineData("PUT", "/api/auth/sign-in/email")]
    [InlineData("DELETE", "/api/auth/update-user")]
    [InlineData("POST", "/api/auth/get-session")]
    [InlineData("POST", "/api/auth/ok")]
    [InlineData("POST", "/api/auth/jwks")]
    [InlineData("HEAD", "/api/auth/get-session")]
    [InlineData("HEAD", "/api/auth/sign-out")]
    [InlineData("OPTIONS", "/api/auth/get-session")]
    [InlineData("OPTIONS", "/api/auth/sign-in/email")]
    [InlineData("PATCH", "/api/auth/sign-out")]
    [InlineData("TRACE", "/api/auth/sign-out")]
    [InlineData("GET", "/api/auth/ok/more")]
    [InlineData("GET", "/api/auth/..%2f..%2fetc%2fpasswd")]
    public async Task Under_the_Better_Auth_path_an_unknown_path_and_a_wrong_method_are_one_empty_404(
        string method, string path)
    {
        var response = await _http.SendAsync(HttpMethod.Parse(method), path, portal.Ada.AccessToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.Null(response.Header("Set-Cookie"));
    }

    [Theory]
    [InlineData("GET", "/api")]
    [InlineData("GET", "/api/no-such-thing")]
    [InlineData("DELETE", "/api/me")]
    [InlineData("PUT", "/api/users/1")]
    public async Task Elsewhere_under_the_api_it_is_a_problem_in_words(string method, string path)
    {
        var response = await _http.SendAsync(HttpMethod.Parse(method), path, portal.Ada.AccessToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("NOT_FOUND", await response.TextAsync("code"));
    }

    [Fact]
    public async Task The_forward_auth_answer_names_the_person_and_refuses_without_one()
    {
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
        {
            var response = await _http.SendAsync(method, "/api/auth/verify", portal.Ada.AccessToken);
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
            Assert.Equal(portal.Ada.Id.ToString(), response.Header("X-Auth-User"));
            Assert.Null(response.Header("X-Auth-Email")); // nobody has proved it (AttackTests)
            Assert.Equal(HttpStatusCode.Unauthorized, (await _http.SendAsync(method, "/api/auth/verify", null)).StatusCode);
        }
    }
}
