using System.Net.Http.Json;
using Xunit.Sdk;

namespace AuthPortal.Tests.Support;

/// <summary>
/// Stands beside every client of the tests' portals and holds each answer of the API against what
/// <c>/openapi/v1.json</c> says: an answer that the document lacks fails the test that got it.
/// </summary>
public sealed class ApiWitness(Portal portal) : DelegatingHandler
{
    private static Task<ApiDescription>? _description;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);

        // One for all portals, read from the first that is asked: they differ but in their addresses.
        var api = await LazyInitializer.EnsureInitialized(ref _description, () => ApiDescription.OfAsync(portal));
        if (api.Find(request.Method.Method, request.RequestUri!.AbsolutePath) is not { } call)
            return response;

        await response.Content.LoadIntoBufferAsync(cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        var sent = response.IsSuccessStatusCode && request.Content is JsonContent or StringContent
            ? await request.Content.ReadAsStringAsync(cancellationToken)
            : null;
        var problems = string.Join("; ", call.Problems(sent, response, body));
        return problems.Length == 0
            ? response
            : throw new XunitException(
                $"/openapi/v1.json does not tell what {request.Method} {request.RequestUri} did: {problems}");
    }
}
