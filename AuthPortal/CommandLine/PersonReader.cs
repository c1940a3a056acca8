using System.Text.Json;
using System.Text.RegularExpressions;
using AuthPortal.Passwords;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.CommandLine;

/// <summary>Why a line was not taken. Never what it says: a report may be passed on.</summary>
/// <param name="Field">Null where it is about the line as a whole.</param>
internal sealed record LineProblem(long Line, string? Field, string Reason)
{
    public override string ToString() => $"line {Line}: {(Field is null ? "" : $"{Field}: ")}{Reason}";
}

/// <summary>Judges a line of an import by the rules that sign-up has, and completes it.</summary>
internal sealed partial class PersonReader(PasswordHasher hasher, TimeProvider clock)
{
    public const int MostRoles = 16;

    private const int LongestField = 40;

    private const string UnreadableHash =
        "is of no scheme known here, asks for too much work, or needs a Passwords__Pepper that is not listed: "
        + "the person comes in without a password";

    private static readonly string[] Fields = [.. PersonLine.Fields];
    private static readonly PictureUrlAttribute Picture = new();
    private static readonly PlainTextAttribute Plain = new();

    /// <summary>
    /// The person is null where a problem refuses the line. With both, they come in, and the problem says what
    /// does not.
    /// </summary>
    public (BroughtUser? Person, LineProblem? Problem) Read(Line line)
    {
        if (line.Text is null)
            return Refuse(null, $"is longer than {Lines.MaxBytes} bytes");
        try
        {
            return JsonSerializer.Deserialize<PersonLine>(line.Text, PersonLine.Json) is { } person
                ? Read(line.Number, person)
                : Refuse(null, "is not a JSON object");
        }
        catch (JsonException e)
        {
            var field = e.Path?.Split('.', '[') is [_, var name, ..] ? name : null;
            return field is null ? Refuse(null, "is not a JSON object of this form")
                : Fields.Contains(field) ? Refuse(field, "is there twice, or not of its kind")
                : Refuse(PlainText.Tame(field.Trim('\'', ']'), LongestField), "is no field of this form");
        }

        (BroughtUser?, LineProblem?) Refuse(string? field, string reason) =>
            (null, new LineProblem(line.Number, field, reason));
    }

    public (BroughtUser? Person, LineProblem? Problem) Read(long number, PersonLine person)
    {
        if (Problem(person) is var (field, reason))
            return (null, new LineProblem(number, field, reason));
        var hash = person.PasswordHash is { } brought ? hasher.Adopt(brought) : null;
        var problem = hash is null && person.PasswordHash is not null
            ? new LineProblem(number, "passwordHash", UnreadableHash)
            : null;
        return (Complete(person, hash), problem);
    }

    public static bool IsRole(string? role) => role is not null && Role().IsMatch(role);

    private (string Field, string Reason)? Problem(PersonLine person)
    {
        if (EmailAddress.TryParse(person.Email) is null)
            return ("email", "is missing, or no address");
        if (person.Name is { Length: > ProfileLimits.Name } || !Plain.IsValid(person.Name))
            return ("name", $"is longer than {ProfileLimits.Name} characters, or not plain text");
        if (!Picture.IsValid(person.Image))
            return ("image", $"is no https address of at most {ProfileLimits.Image} characters");
        if (person.Roles is { } roles && (roles.Length > MostRoles || !roles.All(IsRole)))
            return ("roles", $"are more than {MostRoles}, or hold more than letters, digits and inner _.:- or blanks");
        if (!IsPast(person.CreatedAt))
            return ("createdAt", "must be from 1970 to now");
        if (!IsPast(person.UpdatedAt))
            return ("updatedAt", "must be from 1970 to now");
        if (!IsPast(person.EraseAt, AccountOptions.LongestDeleteAfter))
            return ("eraseAt", "must be from 1970 to a year from now");
        if (person.Id == Guid.Empty)
            return ("id", "must not be zero");
        return person.SessionVersion is < 1 or > 1_000_000_000 ? ("sessionVersion", "must be 1 or more") : null;
    }

    private BroughtUser Complete(PersonLine person, string? hash)
    {
        var email = EmailAddress.TryParse(person.Email)!;
        var now = Whole(clock.GetUtcNow());
        var created = Whole(person.CreatedAt ?? now);
        var updated = Whole(person.UpdatedAt ?? created);
        return new BroughtUser(
            person.Id ?? Guid.CreateVersion7(created),
            email.Typed,
            email.Canonical,
            person.EmailVerified is true ? updated : null,
            person.Name?.Trim() ?? "",
            person.Image,
            hash,
            // One above: no token that was signed before the move counts, even under the same id and secret.
            (person.SessionVersion ?? 0) + 1,
            [.. (person.Roles ?? []).Distinct()],
            person.Disabled is true ? now : null,
            created,
            updated,
            person.EraseAt is { } eraseAt ? Whole(eraseAt) : null);
    }

    // A token's times begin in 1970. A day is left to clocks that are ahead.
    private bool IsPast(DateTimeOffset? time, TimeSpan ahead = default) =>
        time is not { } at || (at >= DateTimeOffset.UnixEpoch && at <= clock.GetUtcNow().AddDays(1) + ahead);

    /// <summary>Whole milliseconds, as the portal keeps every date.</summary>
    private static DateTimeOffset Whole(DateTimeOffset at) =>
        DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());

    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9 _.:-]{0,48}[A-Za-z0-9])?\z")]
    private static partial Regex Role();
}
