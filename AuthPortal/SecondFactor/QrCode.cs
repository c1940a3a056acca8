using System.Net;
using QRCoder;

namespace AuthPortal.SecondFactor;

/// <summary>A QR code as an SVG to stand in a page: without styles, and dark on white in a dark theme too.</summary>
internal static class QrCode
{
    /// <param name="label">What it is, for those who don't see it.</param>
    public static string Svg(string text, string label)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var drawing = new SvgQRCode(code);
        var svg = drawing.GetGraphic(
            1, "#000", "#fff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute);
        return svg.Replace(
            "<svg ", $"<svg role=\"img\" aria-label=\"{WebUtility.HtmlEncode(label)}\" ", StringComparison.Ordinal);
    }
}
