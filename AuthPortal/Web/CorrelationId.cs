using System.Diagnostics;

namespace AuthPortal.Web;

/// <summary>
/// The one id that a log line, a trace, an error page and a refusal have in common: the request's W3C trace id. A
/// caller may choose it (<c>traceparent</c>), but never as anything else than 32 hexadecimal digits.
/// </summary>
internal static class CorrelationId
{
    /// <summary>Null where nothing is traced: outside a request, or with all logging off.</summary>
    public static string? Current => Activity.Current is { IdFormat: ActivityIdFormat.W3C } current
        ? current.TraceId.ToHexString()
        : null;
}
