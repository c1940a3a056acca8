using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;

namespace AuthPortal.Web.Brand;

/// <summary>A file of the brand, as it is served: read once, named by its content, so that browsers keep it.</summary>
internal sealed class BrandFile(string path, string type, byte[] content)
{
    public string Path => path;

    public string Type => type;

    public byte[] Content => content;

    /// <summary>Null where the content is packed already, as pictures are.</summary>
    public byte[]? Packed { get; } = type is "text/css" or "image/svg+xml" ? Pack(content) : null;

    public string Version { get; } = Convert.ToHexStringLower(SHA256.HashData(content))[..16];

    public string Url => $"{Path}?v={Version}";

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
            gzip.Write(content);
        return packed.ToArray();
    }
}

/// <summary>What the brand adds to the portal's own files: a logo, and a stylesheet in its colours.</summary>
internal sealed class BrandFiles
{
    /// <summary>Every page fetches it.</summary>
    private const int LargestLogo = 100 * 1024;

    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
        [".webp"] = "image/webp",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
    };

    public BrandFiles(IOptions<BrandOptions> options, IWebHostEnvironment environment)
    {
        var brand = options.Value;
        if (brand.Palette is { } palette)
        {
            // The house's stylesheet and the brand's in one: a page makes no request more.
            var css = Read(environment.WebRootFileProvider.GetFileInfo("portal.css"));
            Stylesheet = new BrandFile("/brand.css", "text/css", [.. css, .. Encoding.UTF8.GetBytes(palette.Css)]);
        }

        if (!string.IsNullOrEmpty(brand.Logo) && OriginOf(brand.Logo) is null)
        {
            var type = Types[Path.GetExtension(brand.Logo)];
            Logo = new BrandFile("/brand/logo", type, Read(Find(brand.Logo, environment)!));
        }

        LogoUrl = Logo?.Url ?? (string.IsNullOrEmpty(brand.Logo) ? null : brand.Logo);
    }

    public BrandFile? Stylesheet { get; }

    /// <summary>Null where there is none, or another site has it.</summary>
    public BrandFile? Logo { get; }

    /// <summary>Null where the product's own is shown.</summary>
    public string? LogoUrl { get; }

    /// <summary>The other site that a logo comes from; null for a file.</summary>
    public static string? OriginOf(string? logo) =>
        Uri.TryCreate(logo, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps
            ? OriginText.Of(uri)
            : null;

    public static string? ProblemOfLogo(BrandOptions options, IWebHostEnvironment environment)
    {
        if (options.Logo is not { Length: > 0 } logo)
            return null;
        if (logo.Contains("://", StringComparison.Ordinal))
        {
            return OriginOf(logo) is not (null or "null") && logo.All(letter => letter is > ' ' and <= '~')
                ? null
                : $"Brand__Logo is \"{logo}\": a logo on another site must have an https:// address.";
        }

        if (!Types.ContainsKey(Path.GetExtension(logo)))
            return $"Brand__Logo is \"{logo}\": it must be an .svg, .png, .webp or .jpg file, or an https:// address.";
        if (Find(logo, environment) is not { } file)
        {
            return $"Brand__Logo is \"{logo}\": there is no such file under {environment.WebRootPath}, nor at that "
                + "path. Give a full path, or an https:// address.";
        }

        return file.Length <= LargestLogo
            ? null
            : $"Brand__Logo is \"{logo}\": it has {file.Length / 1024} KB, and every page fetches it. Use one of at "
                + $"most {LargestLogo / 1024} KB; an .svg is mostly the smallest.";
    }

    /// <summary>Under <c>wwwroot</c>, or at that path.</summary>
    private static IFileInfo? Find(string logo, IWebHostEnvironment environment)
    {
        if (environment.WebRootFileProvider.GetFileInfo(logo) is { Exists: true, IsDirectory: false } own)
            return own;
        var file = new FileInfo(Path.Combine(environment.ContentRootPath, logo));
        return file.Exists ? new Microsoft.Extensions.FileProviders.Physical.PhysicalFileInfo(file) : null;
    }

    private static byte[] Read(IFileInfo file)
    {
        using var stream = file.CreateReadStream();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
