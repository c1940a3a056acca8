using System.Reflection;
using System.Text.RegularExpressions;
using AuthPortal.Audit;
using AuthPortal.Features.Activity;
using AuthPortal.Passkeys;
using AuthPortal.Tests.Support;
using AuthPortal.Web;
using AuthPortal.Web.Brand;

namespace AuthPortal.Tests.Languages;

/// <summary>Every text that the source has for people, in English: what each language must have.</summary>
internal static partial class SourceWords
{
    /// <summary>What only programs and their makers meet: it stays English.</summary>
    private static readonly AuthError[] ForPrograms =
    [
        AuthErrors.NotFound, AuthErrors.InvalidOrigin, AuthErrors.MissingOrNullOrigin, AuthErrors.CrossSiteNavigation,
        AuthErrors.InvalidCallbackUrl, AuthErrors.InvalidJson, AuthErrors.InvalidRedirectUrl,
        AuthErrors.EmailCanNotBeUpdated, AuthErrors.EmailMismatch, AuthErrors.EmailAlreadyVerified,
        AuthErrors.FailedToGetUserInfo, AuthErrors.NoFieldsToUpdate, AuthErrors.VerificationEmailNotEnabled,
        AuthErrors.OtpNotConfigured, AuthErrors.SessionNotFresh,
    ];

    /// <summary>Literals that stand among a letter's and are none of its words.</summary>
    private static readonly string[] ForNobody = ["Somebody changed a person who was held."];

    public static HashSet<string> Keys { get; } =
        [.. OfPages(), .. OfCode(), .. OfAttributes(), .. OfLetters(), .. OfErrors(), .. OfActivity()];

    private static IEnumerable<SourceFile> Pages =>
        Source.Product.Where(file => file.Path.EndsWith(".cshtml", StringComparison.Ordinal));

    private static IEnumerable<SourceFile> Code =>
        from file in Source.Product
        where file.Path.EndsWith(".cs", StringComparison.Ordinal)
        where !file.Path.StartsWith("CommandLine/", StringComparison.Ordinal)
        select file with { Text = Joint().Replace(Comment().Replace(file.Text, ""), "") };

    /// <summary>Asked for by name where they are shown.</summary>
    private static IEnumerable<string> OfPages() => Pages.SelectMany(page => Found(page, Asked()));

    /// <summary>Asked for in code, or made a phrase there; and what two files hand to a page as it is.</summary>
    private static IEnumerable<string> OfCode() =>
    [
        .. Code.SelectMany(file => Found(file, Asked()).Concat(Found(file, Made()))),
        .. Code.Where(file => file.Path is "Features/Errors/Error.cshtml.cs" or "Features/Shared/UserAgentText.cs")
            .SelectMany(file => Found(file, Chosen())),
        .. new BrandOptions { Terms = "t", Privacy = "p", Support = "s" }.Links.Select(link => link.Words),
        "a second",
    ];

    private static IEnumerable<string> OfAttributes() =>
        from file in Code
        where file.Path != "Features/TwoFactor/TwoFactorRequests.cs" // asked for in JSON alone
        where !file.Path.StartsWith("Web/OpenApi/", StringComparison.Ordinal)
        from text in Found(file, Attributed())
        select text;

    private static IEnumerable<string> OfLetters() =>
        from file in Code
        where !file.Path.StartsWith("Mail/", StringComparison.Ordinal)
        where Letter().IsMatch(file.Text)
        from text in Found(file, Sentence())
        where !ForNobody.Contains(text)
        select text;

    private static IEnumerable<string> OfErrors()
    {
        var fixedOnes = from type in typeof(AuthError).Assembly.GetTypes()
                        where !type.ContainsGenericParameters
                        from field in type.GetFields(
                            BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                        where field.FieldType == typeof(AuthError)
                        select (AuthError)field.GetValue(null)!;
        AuthError[] made =
        [
            AuthErrors.TooManyRequests(TimeSpan.FromMinutes(5)), AuthErrors.TooManyPasswords(TimeSpan.FromMinutes(5)),
            AuthErrors.PasswordTooShort(8), PasskeyErrors.TooMany(10),
        ];
        return from error in fixedOnes.Concat(made)
               where error.Code is not "VALIDATION_ERROR" && !ForPrograms.Any(one => one.Advice == error.Advice)
               select error.Advice.Key;
    }

    private static IEnumerable<string> OfActivity() =>
        from type in typeof(AuditTypes).GetFields()
        where type.IsLiteral
        select ActivityInWords.Of(new RecordedEvent(default, (string)type.GetRawConstantValue()!, null, null));

    private static IEnumerable<string> Found(SourceFile file, Regex what) =>
        what.Matches(file.Text).Select(match => Regex.Unescape(match.Groups["text"].Value));

    [GeneratedRegex("""(?m)^\s*//.*$""")]
    private static partial Regex Comment();

    /// <summary>Between two halves of one literal.</summary>
    [GeneratedRegex("""
        "\s*\+\s*"
        """)]
    private static partial Regex Joint();

    [GeneratedRegex("""\b(?:[Ww]ords|Rich)\["(?<text>(?:[^"\\]|\\.)*)"|\bSay\("(?<text>(?:[^"\\]|\\.)*)"\)""")]
    private static partial Regex Asked();

    [GeneratedRegex(
        """
        \bnew(?:\ Phrase)?\(\s*"(?<text>(?:[^"\\]|\\.)*\{0\}(?:[^"\\]|\\.)*)"
        |const\ string\ (?:EnterPassword|NotThePassword)\ =\s*"(?<text>[^"]*)"
        |browser\ =\ .*\?\?\ "(?<text>[^"]*)"
        |return\ "(?<text>A\ program)"
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Made();

    [GeneratedRegex("""=> "(?<text>[A-Z][^"]*)["]""")]
    private static partial Regex Chosen();

    [GeneratedRegex("""\b(?:ErrorMessage|Display\(Name|Description|const string Missing|const string TooLong) = "(?<text>(?:[^"\\]|\\.)*)["]""")]
    private static partial Regex Attributed();

    [GeneratedRegex("""\bLetter\b""")]
    private static partial Regex Letter();

    [GeneratedRegex("""(?<!\$)"(?<text>[A-Z](?:[^"\\{]|\\.|\{0\})* (?:[^"\\{]|\\.|\{0\})*)["]""")]
    private static partial Regex Sentence();
}
