using System.Buffers;
using System.ComponentModel.DataAnnotations;
using AuthPortal.Web;

namespace AuthPortal.Users;

/// <summary>An https address of at most <see cref="ProfileLimits.Image"/> ASCII characters: never a script.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PictureUrlAttribute : ValidationAttribute, IDescribesText
{
    // RFC 3986 §2.2-2.3. A quote or backslash besides would take two bytes of the access cookie each.
    private static readonly SearchValues<char> UrlCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%");

    public PictureUrlAttribute() =>
        ErrorMessage = "Enter a picture's address that starts with https:// and has at most 1,024 characters.";

    public string Format => "uri";

    public int MaxLength => ProfileLimits.Image;

    public override bool IsValid(object? value) =>
        value is null
        || (value is string { Length: <= ProfileLimits.Image } text && !text.AsSpan().ContainsAnyExcept(UrlCharacters)
            && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps);
}
