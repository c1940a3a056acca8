using System.Diagnostics.CodeAnalysis;

namespace AuthPortal.Web;

/// <summary>A value, or the reason there is none. Expected refusals travel here; exceptions are for bugs.</summary>
internal readonly record struct Result<T>(T? Value, AuthError? Error)
{
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Error is null;

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(AuthError error) => new(default, error);
}
