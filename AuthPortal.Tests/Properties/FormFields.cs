using System.Reflection;
using System.Text;
using AuthPortal.Tests.Support;
using CsCheck;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AuthPortal.Tests.Properties;

/// <summary>A form's target and the names of what it takes, as the page's own class has them.</summary>
/// <param name="Handler">Null for the page's first.</param>
internal sealed record FormTarget(string Path, string? Handler, IReadOnlyList<string> Fields)
{
    public static async Task<IReadOnlyList<FormTarget>> AllOfAsync(Portal portal)
    {
        var loader = portal.Services.GetRequiredService<PageLoader>();
        var all = new List<FormTarget>();
        foreach (var endpoint in portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<PageActionDescriptor>() is not { } page)
                continue;
            var compiled = await loader.LoadAsync(page, endpoint.Metadata);
            var path = $"/{endpoint.RoutePattern.RawText!.Replace("{status:int}", "404", StringComparison.Ordinal).Trim('/')}";
            var fields = FieldsOf(compiled.ModelTypeInfo!).ToList();
            all.Add(new FormTarget(path, null, fields)); // be it a page without a form
            all.AddRange(compiled.HandlerMethods.Where(handler => handler is { HttpMethod: "Post", Name: not null })
                .Select(handler => new FormTarget(path, handler.Name, [.. fields, .. handler.Parameters.Select(p => p.Name)])));
        }

        return all;
    }

    private static IEnumerable<string> FieldsOf(TypeInfo model) =>
        from property in model.GetProperties()
        where property.GetCustomAttribute<BindPropertyAttribute>() is not null
        from name in property.PropertyType.Namespace!.StartsWith("AuthPortal", StringComparison.Ordinal)
            ? property.PropertyType.GetProperties().Where(p => p.CanWrite).Select(p => $"{property.Name}.{p.Name}")
            : [property.Name]
        select name;
}

/// <summary>A form as a stranger may fill it, written as the body of a request.</summary>
internal static class FormFields
{
    private static readonly Gen<string> Value = Gen.Frequency(
        (3, Gen.OneOf(
            "", "%00", "a%00b", "%ED%A0%80", "%F0%9F%98%80", "%E2%80%AE%D7%90", "%EF%BF%BE", "%FF", "%", "%u0041", "a%0D%0Ab", "+", "%2B",
            "true", "false", "on", "null", "0", "-1", "[]", "%7B%7D", "ada%40example.com", "correct+horse+battery", "123456")),
        (2, Texts.Any.Select(Uri.EscapeDataString)),
        (1, Gen.OneOf("x", "%F0%9F%98%80", "%E2%80%AE", "a%CC%81").Select(one => string.Concat(Enumerable.Repeat(one, 1_000_000 / one.Length)))));

    /// <summary>The name as it is, or as a reader of arrays, of objects or of other cases may take it.</summary>
    private static Gen<string> NameOf(string field) => Gen.Frequency(
        (8, Gen.Const(field)),
        (4, Gen.OneOf(
            $"{field}[]", $"{field}[0]", $"{field}.x", $"[{field}]", field.ToLowerInvariant(), $"{field}%00", $"{field}%ED%A0%80",
            field.Replace(".", "%5B", StringComparison.Ordinal), $"{field}&{field}")));

    /// <returns>What stands behind the antiforgery token.</returns>
    public static Gen<string> Of(FormTarget form)
    {
        var fields = form.Fields.Select(field => Gen.Select(NameOf(field), Value, (name, value) => $"&{name}={value}"));
        var all = fields.Aggregate(Gen.Const(""), (sofar, field) =>
            Gen.Select(sofar, Gen.Frequency((4, field), (1, Gen.Const(""))), (a, b) => a + b));
        return Gen.Frequency(
            (8, all),
            (1, Gen.Select(all, Texts.Any, (form, junk) => $"{form}&{Uri.EscapeDataString(junk)}")),
            (1, all.Select(form => form + form)),
            (1, Gen.OneOf(string.Concat(Enumerable.Range(0, 2_000).Select(n => $"&k{n}=v")), "&" + new string('k', 5_000) + "=v", "&&&==&=")));
    }

    public static byte[] Encode(string body) => Encoding.UTF8.GetBytes(body);
}
