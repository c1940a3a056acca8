using CsCheck;

namespace AuthPortal.Tests.Properties;

/// <summary>Where somebody may want to be sent: addresses made of what such addresses have been made of.</summary>
internal static class Destinations
{
    /// <summary>Each has led away from some site that thought it local.</summary>
    public static readonly string[] Notorious =
    [
        "//evil.example", "///evil.example", "////evil.example", "//evil.example%2f..", "//evil%2f..", "/\\evil.example",
        "\\\\evil.example", "\\/evil.example", "/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "\t//evil.example",
        " //evil.example", " https://evil.example", "\0//evil.example", "/\0/evil.example", "https:evil.example",
        "https:/evil.example", "https:///evil.example", "https:\\\\evil.example", "~//evil.example", "~/account",
        "javascript:alert(1)", "data:text/html,x", "https://portal.test@evil.example/", "https://portal.test:443@evil.example/",
        "https://evil.example#https://portal.test/", "https://portal.test.evil.example/", "https://portal.test\\@evil.example/",
        "https://p\u043Ertal.test/", "https://portal\u3002test.evil.example/", "https://portal.test:8443/", "http://portal.test/",
        "https://app.example.com.evil.example/", "https://app.example.com%2eevil.example/", "https://app.example.com./",
        "https://user:word@app.example.com/", "//app.example.com/", "/..//evil.example", "/.//evil.example", "/%09/evil.example",
        "/%5cevil.example", "/%2f/evil.example", "/account?next=//evil.example", "/account#//evil.example", "/\u2028/evil.example",
        "/\uFF0Fevil.example", "/\u2044evil.example", "https://evil.example\u2048@app.example.com", "https://[::1]/", "https://0x7f.1/",
    ];

    private static readonly Gen<string> Piece = Gen.Frequency(
        (8, Gen.OneOf(
            "/", "//", "\\", "/\\", "https:", "http:", "HTTPS:", "javascript:", "data:", "~", ".", "..", "@", ":", "#", "?", "%2f", "%5c",
            "%00", "%09", "%2e%2e", ";", "&", "=", " ", "\t", "\n", "\r", "\0", "\u00A0", "\u3002", "\uFF0F", "\u2028", "[", "]", "|", "^")),
        (5, Gen.OneOf(
            "portal.test", "app.example.com", "dev.example.com:8443", "evil.example", "portal.test:443", "portal.test:8443", "PORTAL.test",
            "xn--portal-test", "port\u00E4l.test", "\u0440ortal.test", "127.0.0.1", "[::1]", "user:word", "evil", "account", "a")),
        (1, Texts.Character));

    public static readonly Gen<string> Any = Gen.Frequency(
        (2, Gen.OneOf(Notorious)),
        (3, Gen.Select(Gen.OneOf(Notorious), Gen.Int[0, 60], Piece, (url, at, piece) => url.Insert(at % (url.Length + 1), piece))),
        (3, Gen.Select(Gen.OneOf(Notorious), Gen.Int[0, 60], (url, at) => url.Remove(at % url.Length, 1))),
        (6, Piece.Array[1, 8].Select(string.Concat)),
        (4, Gen.Select(
            Gen.OneOf("/", "https://app.example.com", "https://dev.example.com:8443/", "https://portal.test", "HTTPS://APP.example.com:443"),
            Piece.Array[0, 6],
            (start, rest) => start + string.Concat(rest))),
        (1, Texts.Any));
}
