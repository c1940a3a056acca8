using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Web;

/// <summary>
/// Requests of which two servers could disagree where they end (ASVS 4.2.1, CVE-2025-55315): none is ever answered
/// twice, so that what a proxy took for a body can't become somebody's request here.
/// </summary>
[Collection(ServedPortalOfAda.Run)]
public sealed partial class SmugglingTests(ServedPortalOfAda served)
{
    private const string Post =
        "POST /api/auth/sign-in/email HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    private const string LineFeeds = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    private const string Hidden = "GET /healthz/live HTTP/1.1\r\nHost: localhost\r\n\r\n";

    public static TheoryData<string> AboutTheBody =>
    [
        "Content-Length: 5\r\nContent-Length: 6\r\n\r\n{} ", "Content-Length: 2, 2\r\n\r\n{}",
        "Content-Length: -1\r\n\r\n", "Content-Length: 0x2\r\n\r\n{}", "Content-Length: 2a\r\n\r\n{}",
        "Content-Length: 18446744073709551618\r\n\r\n{}", "Content-Length : 2\r\n\r\n{}",
        "Content-Length: 2\r\n 0\r\n\r\n{}", "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n2;a\n\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n", "Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}XX0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF2\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2 ;a=\"\n\"\r\n{}\r\n0\r\n\r\n",
        "X: a\r\n\tb\r\nContent-Length: 2\r\n\r\n{}", "X\0: a\r\nContent-Length: 2\r\n\r\n{}",
        "X: a\0b\r\nContent-Length: 2\r\n\r\n{}", "X: a\rb\r\nContent-Length: 2\r\n\r\n{}", "Content-Length: 2\n\n{}",
        "X: a\nContent-Length: 2\r\n\r\n{}", ": a\r\nContent-Length: 2\r\n\r\n{}",
    ];

    public static TheoryData<string> AboutTheRequest =>
    [
        "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
        "GET http://evil.test/ HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: a\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/1.1\nHost: a\n\n",
        "GET /%zz\0 HTTP/1.1\r\nHost: a\r\n\r\n", "G T / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "\0\0\0\0\r\n\r\n", "long line", "many headers",
    ];

    [Theory]
    [MemberData(nameof(AboutTheBody))]
    public async Task A_body_of_doubtful_length_is_refused_and_nothing_after_it_is_read(string rest)
    {
        var answer = await served.SendRawAsync(Post + rest + Hidden);

        Assert.Matches("^HTTP/1.1 (400|501) ", answer);
        Assert.Single(Answers().Matches(answer));
    }

    [Fact]
    public async Task Of_two_lengths_the_chunks_count_and_what_they_do_not_hold_is_read_as_what_it_is()
    {
        // RFC 9112 §6.3: chunked overrides. Only who counts Content-Length instead would see one request here.
        var answer = await served.SendRawAsync(
            $"{Post}Connection: close\r\nContent-Length: {7 + Hidden.Length}\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer); // {} is no sign-in, and was read as such
        Assert.Contains("VALIDATION_ERROR", answer, StringComparison.Ordinal);
        Assert.Single(Answers().Matches(answer));
    }

    /// <summary>Kestrel answers these before the portal hears of them: no body, no headers of ours, no name.</summary>
    [Theory]
    [MemberData(nameof(AboutTheRequest))]
    public async Task What_is_no_request_gets_a_bare_refusal_and_the_connection_is_closed(string request)
    {
        var answer = await served.SendRawAsync(request switch
        {
            "long line" => $"GET /{new string('a', 9_000)} HTTP/1.1\r\nHost: a\r\n\r\n",
            "many headers" => $"GET / HTTP/1.1\r\nHost: a\r\n{string.Concat(Enumerable.Repeat("X: a\r\n", 101))}\r\n",
            _ => request,
        } + Hidden);

        Assert.Matches("^HTTP/1.1 (400|404|414|431|505) ", answer);
        Assert.Single(Answers().Matches(answer));
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Length: 0", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Server:", answer, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A switch of the process and not of the server, so that the tests' own process says nothing of it.</summary>
    [Fact]
    public void The_portals_own_process_takes_no_bare_line_feed_for_a_lines_end()
    {
        var settings = JsonNode.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "AuthPortal.runtimeconfig.json")))!;

        Assert.True(settings["runtimeOptions"]!["configProperties"]![LineFeeds]!.GetValue<bool>());
        Assert.True(AppContext.TryGetSwitch(LineFeeds, out var isOn) && isOn);
    }

    [GeneratedRegex("^HTTP/1.1 ", RegexOptions.Multiline)]
    private static partial Regex Answers();
}
