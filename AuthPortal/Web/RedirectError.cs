using System.Text.RegularExpressions;

namespace AuthPortal.Web;

/// <summary>The code that a failed redirect carries in its address, where anybody can write anything.</summary>
internal static partial class RedirectError
{
    public static bool IsCode(string? text) => text is not null && Code().IsMatch(text);

    [GeneratedRegex(@"\A[A-Za-z0-9_'-]{1,64}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Code();
}
