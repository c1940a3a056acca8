using Microsoft.AspNetCore.Http.Metadata;

namespace AuthPortal.Web;

/// <summary>
/// What an endpoint reads. Not the framework's <see cref="IAcceptsMetadata"/>: routing would answer for us, with the
/// 404 of the catch-all.
/// </summary>
internal sealed record JsonBodyType(Type Type) : IRefuses
{
    public IEnumerable<AuthError> Refusals =>
    [
        AuthErrors.Validation(["[body.name] Invalid input: expected string, received undefined"]),
        AuthErrors.InvalidJson,
        AuthErrors.BodyTooLarge,
        AuthErrors.UnsupportedMediaType("text/plain"),
    ];
}
