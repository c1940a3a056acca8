using System.ComponentModel.DataAnnotations;
using AuthPortal.Web;

namespace AuthPortal.Users;

/// <summary>
/// What <see cref="EmailAddress.TryParse"/> reads; the framework's own attribute lets NUL and names pass.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class EmailAddressTextAttribute : ValidationAttribute, IDescribesText
{
    public EmailAddressTextAttribute() =>
        ErrorMessage = "Enter an email address, such as ada@example.com.";

    public string Format => "email";

    public int MaxLength => EmailAddress.MaxTyped;

    public override bool IsValid(object? value) =>
        value is null or "" || (value is string text && EmailAddress.TryParse(text) is not null);
}
