using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AuthPortal.Passkeys;
using AuthPortal.Tests.Support;
using AuthPortal.Web;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthPortal.Tests.Web;

/// <summary>
/// What <c>/openapi/v1.json</c> promises about itself. That it is true of every answer, <see cref="ApiWitness"/> sees.
/// </summary>
public sealed partial class OpenApiTests(OpenApiTests.DescribedPortal portal)
    : IClassFixture<OpenApiTests.DescribedPortal>
{
    /// <summary>What pages alone say: of JSON, what is no text is refused before it is looked at as a password.</summary>
    private static readonly string[] OnPages = ["PASSWORD_NOT_TEXT"];

    private ApiDescription Api => portal.Api;

    [Fact]
    public void Every_call_of_the_portal_is_in_it_and_no_other() =>
        Assert.Equal(
            from endpoint in portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            let path = "/" + endpoint.RoutePattern.RawText!.Trim('/')
            where Described().IsMatch(path) && !path.Contains("{**", StringComparison.Ordinal)
            where endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null
            from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
            where method != "HEAD"
            orderby path, method
            select $"{method} {path}",
            from path in Api.Document["paths"]!.AsObject()
            from method in path.Value!.AsObject()
            orderby path.Key, method.Key
            select $"{method.Key.ToUpperInvariant()} {path.Key}");

    [Fact]
    public void Every_call_has_a_name_of_its_own_a_place_and_a_line_about_it()
    {
        var places = Api.Document["tags"]!.AsArray().Select(tag => tag!["name"]!.GetValue<string>()).ToList();
        Assert.Distinct(Api.Calls.Select(call => call.Id));
        Assert.All(Api.Calls, call =>
        {
            Assert.Matches("^[a-z]+([A-Z][a-z]+)*$", call.Id);
            Assert.NotEmpty(call.Json["summary"]!.GetValue<string>());
            Assert.Contains(call.Json["tags"]![0]!.GetValue<string>(), places);
        });
    }

    [Fact]
    public void Every_code_that_is_not_for_pages_alone_is_some_calls()
    {
        var spoken = Api.Calls.SelectMany(c => c.Answers).SelectMany(r => DescribedCall.CodesOf(r.Answer));
        Assert.Equal(
            Catalogue().Except(OnPages).Order(StringComparer.Ordinal),
            spoken.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_refusal_is_a_problem_and_an_example_of_each_is_shown()
    {
        var refusals = Api.Calls.SelectMany(c => c.Answers)
            .Where(r => r.Answer["content"]?["application/problem+json"] is not null).ToList();
        Assert.NotEmpty(refusals);
        Assert.All(refusals, refusal =>
        {
            var content = refusal.Answer["content"]!["application/problem+json"]!;
            var reader = new SchemaReader(Api.Document, isClosed: false);
            Assert.All(content["examples"]!.AsObject(), example =>
            {
                var shown = ApiDescription.Resolve(Api.Document, example.Value!)["value"]!;
                Assert.Equal(refusal.Status, shown["status"]!.GetValue<int>());
                Assert.Empty(reader.Problems(content["schema"]!, shown, example.Key));
            });
            Assert.Empty(DescribedCall.CodesOf(refusal.Answer)
                .Except(content["examples"]!.AsObject().Select(example => example.Key)));
        });
    }

    [Fact]
    public void Whoever_must_wait_is_told_how_long()
    {
        var waits = Api.Calls.SelectMany(c => c.Answers).Where(r => r.Status is 429 or 503).Select(r => r.Answer)
            .Where(answer => DescribedCall.CodesOf(answer).Any()).ToList(); // health's 503 asks nobody to wait
        Assert.NotEmpty(waits);
        Assert.All(waits, answer => Assert.NotNull(answer["headers"]!["Retry-After"]));
    }

    [Fact]
    public void Every_reference_leads_somewhere()
    {
        var references = References(Api.Document).ToList();
        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.NotEmpty(ApiDescription.Resolve(Api.Document, reference)));
    }

    [Fact]
    public async Task Its_cookie_is_the_one_that_signing_in_sets_and_its_server_is_the_portal()
    {
        var person = await portal.NewPersonAsync();
        var set = (await person.Http.SignInAsync(person.Email)).Headers.GetValues("Set-Cookie")
            .Select(cookie => cookie.Split('=')[0]);
        var schemes = Api.Document["components"]!["securitySchemes"]!;

        Assert.Equal("apiKey", schemes["cookie"]!["type"]!.GetValue<string>());
        Assert.Contains(schemes["cookie"]!["name"]!.GetValue<string>(), set);
        Assert.Contains(schemes["refreshCookie"]!["name"]!.GetValue<string>(), set);
        Assert.Equal("bearer", schemes["bearer"]!["scheme"]!.GetValue<string>());
        Assert.Equal(Portal.Url, Api.Document["servers"]![0]!["url"]!.GetValue<string>());
    }

    [Fact]
    public async Task Where_it_asks_for_a_credential_a_stranger_is_refused_and_elsewhere_none_is_asked_for()
    {
        var http = portal.Stranger();
        foreach (var path in Api.Document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in path.Value!.AsObject())
            {
                var ways = operation!["security"]?.AsArray() ?? [];
                var isRequired = ways.Count > 0 && ways.All(way => way!.AsObject().Count > 0);
                var answer = await http.SendAsync(
                    new HttpRequestMessage(new HttpMethod(method), path.Key.Replace("{", "").Replace("}", "")));
                var code = answer.Content.Headers.ContentType?.MediaType == "application/problem+json"
                    ? (await answer.JsonAsync())["code"]?.GetValue<string>()
                    : null;
                if (path.Key != "/api/auth/refresh") // whose credential may be in its body
                    Assert.Equal((path.Key, isRequired), (path.Key, code == "UNAUTHORIZED"));
            }
        }
    }

    [Fact]
    public async Task It_is_kept_by_caches_and_is_the_same_from_every_instance()
    {
        var first = await portal.Stranger().GetAsync("/openapi/v1.json");
        var second = await portal.Sibling().Stranger().GetAsync("/openapi/v1.json");

        Assert.Equal("public, max-age=300", first.Headers.CacheControl!.ToString());
        Assert.Equal(await first.Content.ReadAsByteArrayAsync(), await second.Content.ReadAsByteArrayAsync());

        var again = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
        again.Headers.IfNoneMatch.Add(second.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await portal.Stranger().SendAsync(again)).StatusCode);
    }

    /// <summary>Every code there is: constants, and what a method makes for a wait, a length or a list.</summary>
    private static IEnumerable<string> Catalogue() => (
        from type in new[] { typeof(AuthErrors), typeof(PasskeyErrors) }
        from member in type.GetMembers(BindingFlags.Static | BindingFlags.Public)
        let error = member switch
        {
            FieldInfo field => field.GetValue(null) as AuthError,
            MethodInfo made when made.ReturnType == typeof(AuthError) =>
                (AuthError)made.Invoke(null, [.. made.GetParameters().Select(p => Sample(p.ParameterType))])!,
            _ => null,
        }
        where error?.Code is not null
        select error.Code).Distinct();

    private static object Sample(Type type) =>
        type == typeof(TimeSpan) ? TimeSpan.FromSeconds(1)
        : type == typeof(int) ? 1
        : type == typeof(string) ? "text/plain"
        : new[] { "wrong" };

    private static IEnumerable<JsonObject> References(JsonNode? node) => node switch
    {
        JsonObject part when part["$ref"] is JsonValue => [part],
        JsonObject part => part.SelectMany(member => References(member.Value)),
        JsonArray parts => parts.SelectMany(References),
        _ => [],
    };

    [GeneratedRegex(@"\A/(api|\.well-known|healthz)/")]
    private static partial Regex Described();

    public sealed class DescribedPortal : Portal
    {
        internal ApiDescription Api { get; private set; } = null!;

        public override async Task InitializeAsync()
        {
            await base.InitializeAsync();
            Api = await ApiDescription.OfAsync(this);
        }
    }
}
