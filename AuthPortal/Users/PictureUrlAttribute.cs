using System.ComponentModel.DataAnnotations;
using System.Text;

namespace AuthPortal.Users;

/// <summary>An https address of at most <see cref="ProfileLimits.Image"/> ASCII characters: never a script.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PictureUrlAttribute : ValidationAttribute
{
    public PictureUrlAttribute()
        : base("Enter a picture's address that starts with https:// and has at most 1,024 characters.")
    {
    }

    public override bool IsValid(object? value) =>
        value is null
        || (value is string { Length: <= ProfileLimits.Image } text && Ascii.IsValid(text) && !text.Any(char.IsControl)
            && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps);
}
