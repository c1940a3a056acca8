using AuthPortal.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace AuthPortal.Tests.Properties;

internal sealed record RawAnswer(int Status, IHeaderDictionary Headers, string Text)
{
    public string Header(string name) => Headers[name].ToString();
}

/// <summary>Requests that no client would send: headers and bodies reach the portal as they are.</summary>
internal static class Requests
{
    public static async Task<RawAnswer> SendAsync(
        this Portal portal,
        string method,
        string path,
        IEnumerable<(string Name, string Value)> headers,
        QueryString query = default,
        byte[]? body = null)
    {
        var context = await portal.Server.SendAsync(request =>
        {
            (request.Request.Method, request.Request.Path, request.Request.QueryString) = (method, path, query);
            (request.Request.Scheme, request.Request.Host) = ("https", new HostString(new Uri(Portal.Url).Host));
            foreach (var (name, value) in headers)
                request.Request.Headers.Append(name, value);
            if (body is null)
                return;
            request.Request.Body = new MemoryStream(body);
            request.Request.ContentLength = body.Length;
        });
        using var reader = new StreamReader(context.Response.Body);
        return new RawAnswer(context.Response.StatusCode, context.Response.Headers, await reader.ReadToEndAsync());
    }
}
