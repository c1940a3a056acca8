using System.IO.Compression;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Web;

/// <summary>What travels compressed: pages that are the same for everybody, and nothing that holds a secret.</summary>
public sealed class PageCompressionTests(Portal portal) : IClassFixture<Portal>
{
    private static readonly string[] Compressed = ["/", "/sign-in", "/sign-up", "/forgot-password"];

    private readonly HttpClient _http = portal.Stranger();

    [Fact]
    public async Task Strangers_get_the_pages_that_are_open_to_all_compressed_and_whole()
    {
        foreach (var path in Compressed)
        {
            var plain = await (await AskAsync(path, encoding: null)).Content.ReadAsStringAsync();
            var answer = await AskAsync(path, "br");
            await using var brotli = new BrotliStream(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
            using var page = new StreamReader(brotli);

            Assert.Equal(["br"], answer.Content.Headers.ContentEncoding);
            Assert.Contains("Accept-Encoding", answer.Headers.Vary);
            Assert.EndsWith("</html>", (await page.ReadToEndAsync()).TrimEnd(), StringComparison.Ordinal);
            Assert.EndsWith("</html>", plain.TrimEnd(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nothing_else_is_compressed_whoever_asks_and_no_page_for_who_is_signed_in()
    {
        var person = await portal.NewPersonAsync();
        foreach (var request in portal.Endpoints().SelectMany(endpoint => endpoint.Requests()).Where(IsRead))
        {
            var isOpenToAll = Compressed.Contains(request.RequestUri!.OriginalString.Split('?')[0]);
            var isFile = request.RequestUri.OriginalString.Contains('.', StringComparison.Ordinal);
            request.Headers.Add("Accept-Encoding", "br, gzip");
            var answer = await _http.SendAsync(request);
            if (!isOpenToAll && !isFile)
                Assert.Empty(answer.Content.Headers.ContentEncoding);

            var own = Visit.Request(
                HttpMethod.Get, request.RequestUri.OriginalString, ("Authorization", $"Bearer {person.AccessToken}"),
                ("Accept-Encoding", "br, gzip"));
            if (!isFile)
                Assert.Empty((await _http.SendAsync(own)).Content.Headers.ContentEncoding);
        }
    }

    private static bool IsRead(HttpRequestMessage request) => request.Method == HttpMethod.Get
        && !request.RequestUri!.OriginalString.Contains("sign-out", StringComparison.Ordinal);

    private Task<HttpResponseMessage> AskAsync(string path, string? encoding) =>
        _http.SendAsync(Visit.Request(HttpMethod.Get, path, ("Accept-Encoding", encoding)));
}
