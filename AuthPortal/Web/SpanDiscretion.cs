using System.Diagnostics;
using OpenTelemetry;

namespace AuthPortal.Web;

/// <summary>
/// What a span may tell whoever collects it. A mailed link's secret stands in the address, in its path or its query, so
/// of an address the route alone leaves here; one that meets no route may be a link that was copied badly.
/// </summary>
internal sealed class SpanDiscretion : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.Kind == ActivityKind.Server)
            HideAddress(data);
        else if (data.ParentSpanId == default)
            // A statement of no request: the portal's own looking, some each second.
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }

    private static void HideAddress(Activity request)
    {
        var route = request.GetTagItem("http.route") as string;
        request.SetTag("url.path", route is null ? "REDACTED" : $"/{route.TrimStart('/')}");
        request.SetTag("url.query", null);
        request.SetTag("url.full", null);
    }
}
