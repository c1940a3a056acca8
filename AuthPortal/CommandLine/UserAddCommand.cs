using System.CommandLine;
using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Passwords;
using AuthPortal.Users;

namespace AuthPortal.CommandLine;

/// <summary><c>users add</c>: by the rules of sign-up, the password from standard input.</summary>
internal sealed class UserAddCommand(Tool tool)
{
    private readonly Argument<string> _email = new("EMAIL") { Description = "The new account's address." };
    private readonly Option<string> _name = new("--name") { Description = "What to call the person." };
    private readonly Option<string[]> _role = new("--role") { Description = "A role to give; may be repeated." };
    private readonly Option<bool> _verified = new("--verified") { Description = "The address is theirs." };

    private readonly Option<bool> _noPassword =
        new("--no-password") { Description = "Without one; else its line is read from standard input." };

    public Command Build() => tool.Command(
        "add", "Add one person; the password comes by standard input.",
        [_email, _name, _role, _verified, _noPassword], AddAsync);

    private async Task<int> AddAsync(ToolRun run, CancellationToken ct)
    {
        var line = new PersonLine(
            Email: run.Given.GetRequiredValue(_email),
            Name: run.Given.GetValue(_name),
            EmailVerified: run.Given.GetValue(_verified),
            Roles: run.Given.GetValue(_role));
        var (person, problem) = ActivatorUtilities.CreateInstance<PersonReader>(run.Services).Read(1, line);
        if (person is null)
            return run.Refuse($"{problem!.Field} {problem.Reason}.");
        await run.OpenDatabaseAsync(ct);
        if (!run.Given.GetValue(_noPassword))
        {
            var password = await run.Terminal.ReadSecretAsync("Password", ct);
            var chosen = await run.Get<PasswordChoice>().HashAsync(password, person.Email, person.Name, default, ct);
            if (EventOf(chosen.Breach) is { } type)
                await run.Get<AuditStore>().RecordAsync(new AuditEvent(type, null, null, UserCommands.Operator), ct);
            if (!chosen.Hash.Succeeded)
                return run.Refuse($"{chosen.Hash.Error.Advice}");
            person = person with { PasswordHash = chosen.Hash.Value };
        }

        var added = false;
        await run.Get<Db>().InTransactionAsync(
            async () =>
            {
                added = (await run.Get<UserTransferStore>().AddAsync([person], ct)).Count == 1;
                if (!added)
                    return;
                await run.Get<AuditStore>().RecordAsync(
                    new AuditEvent(AuditTypes.AccountAdded, person.Id, null, UserCommands.Operator), ct);
            },
            ct);
        if (added)
            return run.Say($"{person.EmailCanonical} is added.", new { person.Id, email = person.EmailCanonical });
        var isReserved = (await run.Get<UserTransferStore>().ListReservedAsync([person.EmailCanonical], ct)).Count > 0;
        return run.Refuse(
            isReserved ? $"{person.EmailCanonical} {UserImport.Reserved}." : "that address has an account already.");
    }

    /// <summary>As for whoever chooses one by the pages.</summary>
    private static string? EventOf(BreachAnswer answer) => answer switch
    {
        BreachAnswer.Listed => AuditTypes.BreachedPasswordRefused,
        BreachAnswer.Failed => AuditTypes.BreachCheckFailed,
        _ => null,
    };
}
