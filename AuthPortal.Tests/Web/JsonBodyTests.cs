using System.Net;
using System.Text;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Web;

/// <summary>What a stranger may put in a body: anything, and the answer is always a refusal in good order.</summary>
public sealed class JsonBodyTests(PortalOfAda portal) : IClassFixture<PortalOfAda>
{
    /// <summary>Every endpoint with a body, and what it reads; none of these may leave a mark.</summary>
    private static readonly Dictionary<string, string[]> Endpoints = new()
    {
        ["/api/auth/sign-up/email"] = ["name", "email", "password", "image", "rememberMe", "callbackURL"],
        ["/api/auth/sign-in/email"] = ["email", "password", "rememberMe", "callbackURL"],
        ["/api/auth/update-user"] = ["name", "image"],
        ["/api/auth/refresh"] = ["refreshToken"],
        ["/api/auth/sign-out"] = [],
        ["/api/auth/revoke-sessions"] = [],
    };

    private static readonly string[] BadValues =
    [
        "1", "-1e999", "[]", "[\"a\",\"b\"]", "{}", "{\"$ne\":1}", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00x\"",
        "\"\\ufffe\"", "[[[]]]", "\"\\ud83d\"",
    ];

    private readonly HttpClient _http = portal.Stranger();

    public static TheoryData<string> Paths => [.. Endpoints.Keys];

    public static TheoryData<string, string> Fields()
    {
        var all = new TheoryData<string, string>();
        foreach (var (path, fields) in Endpoints)
        {
            foreach (var field in fields)
                all.Add(path, field);
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Only_JSON_is_read(string path)
    {
        foreach (var type in (string?[])
            ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json", "application/xml",
             "application/problem+json", "application/jsonx", "nonsense", "", null])
        {
            var response = await PostAsync(path, "{}", type);
            Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
            Assert.Equal("UNSUPPORTED_MEDIA_TYPE", await response.TextAsync("code"));
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task What_is_no_JSON_is_said_to_be_none(string path)
    {
        byte[][] bodies =
        [
            .. ((string[])["", "{", "}", "{]", "nonsense", "{'a':1}", "{\"a\":1,}", "{}{}", "{} x", "// x\n{}", "\uFEFF{}", "NaN",
                "{\"a\":\"\n\"}", "{\"a\":01}", "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", Nested(1000, '['), Nested(1000, '{')])
                .Select(Encoding.UTF8.GetBytes),
            Encoding.Unicode.GetBytes("{}"), [0xFF, 0xFE], [.. "{\""u8, 0xC3, .. "\":1}"u8], [0x1F, 0x8B, 8, 0],
        ];

        foreach (var body in bodies)
        {
            var response = await _http.PostRawAsync(path, body, bearer: portal.Ada.AccessToken);
            Assert.True(response.StatusCode == HttpStatusCode.BadRequest, Convert.ToHexString(body));
            Assert.True("BAD_REQUEST" == await response.TextAsync("code"), Convert.ToHexString(body));
            Assert.Equal("Invalid JSON in request body", await response.TextAsync("message"));
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task What_is_no_object_fails_validation(string path)
    {
        foreach (var body in (string[])["[]", "[{}]", "1", "\"x\"", "true", "null"])
        {
            var response = await PostAsync(path, body);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Equal("VALIDATION_ERROR", await response.TextAsync("code"));
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_member_whose_name_is_no_text_is_refused(string path)
    {
        foreach (var name in (string[])["\\ud800", "\\udc00", "x\\ud83d"])
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(path, $"{{\"{name}\":1}}")).StatusCode);
            Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(path, $"{{\"{name}\":1,\"{name}\":2}}")).StatusCode);
            Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(path, $"{{\"a\":1,\"{name}\":2}}")).StatusCode);
        }
    }

    [Theory]
    [InlineData("/api/auth/passkey/verify-authentication")]
    [InlineData("/api/auth/passkey/verify-registration")]
    public async Task Nor_is_what_is_no_text_deep_within(string path)
    {
        foreach (var response in (string[])[
            "{\"id\":\"\\udc00\"}", "{\"response\":{\"signature\":\"x\\ud800\"}}", "{\"a\":[[\"\\udc00x\"]]}",
            "{\"a\":{\"\\ud83d\":1}}"])
        {
            var answer = await PostAsync(path, $"{{\"response\":{response}}}");
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains(await answer.TextAsync("code"), (string[])["VALIDATION_ERROR", "BAD_REQUEST"]);
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task More_than_16_KB_are_too_much(string path)
    {
        var response = await PostAsync(path, $"{{\"x\":\"{new string('x', 17 * 1024)}\"}}");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("PAYLOAD_TOO_LARGE", await response.TextAsync("code"));
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task A_value_of_the_wrong_kind_is_named_and_refused(string path, string field)
    {
        foreach (var value in BadValues)
        {
            var response = await PostAsync(path, Body(path, field, value));
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Contains($"[body.{field}]", await response.TextAsync("message"));
        }

        var wrong = field == "rememberMe" ? "\"true\"" : "true";
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(path, Body(path, field, wrong))).StatusCode);
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task A_value_of_the_right_kind_and_a_wild_length_is_refused_too(string path, string field)
    {
        if (field == "rememberMe")
            return;
        foreach (var text in (string[])[new string('x', 15_000), string.Concat(Enumerable.Repeat("😀", 3_000)), "\u202E\u2066x"])
        {
            var body = Body(path, field, System.Text.Json.JsonSerializer.Serialize(text));
            Assert.InRange((int)(await PostAsync(path, body)).StatusCode, field == "name" ? 200 : 400, 499);
        }
    }

    [Fact]
    public async Task A_missing_field_is_named_in_Better_Auths_words()
    {
        var response = await PostAsync("/api/auth/sign-in/email", "{}");

        Assert.Equal(
            "[body.email] Invalid input: expected string, received undefined; "
            + "[body.password] Invalid input: expected string, received undefined",
            await response.TextAsync("message"));
    }

    [Theory]
    [InlineData("/api/auth/sign-out")]
    [InlineData("/api/auth/refresh")]
    public async Task No_body_and_no_content_type_is_an_empty_object(string path)
    {
        var person = await portal.NewPersonAsync();

        var response = await _http.SendAsync(HttpMethod.Post, path, person.RefreshToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("APPLICATION/JSON")]
    [InlineData("application/json;x=y")]
    public async Task The_content_type_may_carry_parameters(string type)
    {
        var response = await PostAsync("/api/auth/update-user", """{"name":"Ada","unknown":[1,{"a":2}]}""", type);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>A good body but for one field, which by itself would sign nobody up and change no name but Ada's.</summary>
    private string Body(string path, string field, string value)
    {
        var members = Endpoints[path].Where(f => f != field && f is "email" or "password" or "name")
            .Select(f => $"\"{f}\":\"{(f == "email" ? portal.Ada.Email : f == "name" ? "Ada" : "wrong horse battery")}\"");
        return $"{{{string.Join(',', members.Append($"\"{field}\":{value}"))}}}";
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body, string? type = "application/json") =>
        _http.PostRawAsync(path, Encoding.UTF8.GetBytes(body), type, portal.Ada.AccessToken);

    private static string Nested(int depth, char bracket) => bracket == '['
        ? $"{{\"a\":{new string('[', depth)}{new string(']', depth)}}}"
        : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
}
