using System.CommandLine;
using AuthPortal.Audit;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.CommandLine;

/// <summary><c>users …</c>: one person at a time, or all at once.</summary>
internal sealed class UserCommands(Tool tool)
{
    /// <summary>Who acts, as the audit log has it.</summary>
    public static readonly Client Operator = new(null, $"AuthPortal's command line ({Environment.UserName})");

    private readonly Argument<string> _email =
        new("EMAIL") { Description = "The account's address, in any spelling of it." };

    private readonly Argument<string> _file =
        new("FILE") { Description = "A file of JSON lines, or - for standard input." };

    private readonly Option<string[]> _add = new("--add") { Description = "A role to give; may be repeated." };
    private readonly Option<string[]> _remove = new("--remove") { Description = "A role to take away, likewise." };

    public Command Build()
    {
        var users = new Command("users", "The people: add, bring in, take out, disable, sign out, roles.");
        users.Add(new UserAddCommand(tool).Build());
        users.Add(tool.Command("import", "Bring in people, one JSON object a line.", [_file], ImportAsync));
        users.Add(tool.Command("export", "Write everybody as import reads it, HASHES INCLUDED.", [], ExportAsync));
        users.Add(tool.Command(
            "disable", "End a person's sessions and let them begin none.", [_email],
            (run, ct) => SwitchAsync(run, "disabled", (gate, user) => gate.DisableAsync(user, Operator, ct), ct)));
        users.Add(tool.Command(
            "enable", "Let a disabled person sign in again.", [_email],
            (run, ct) => SwitchAsync(run, "enabled", (gate, user) => gate.EnableAsync(user, Operator, ct), ct)));
        users.Add(new SignOutCommand(tool).Build());
        users.Add(tool.Command(
            "reset-second-factor", "Remove authenticator app, recovery codes and passkeys; end every session.",
            [_email],
            (run, ct) => SwitchAsync(
                run,
                "without a second factor",
                (gate, user) =>
                {
                    WarnOfNewAddress(run, user);
                    return gate.ResetSecondFactorAsync(user, Operator, ct);
                },
                ct)));
        users.Add(new EvictCommand(tool).Build());
        users.Add(tool.Command("roles", "Show a person's roles, or change them.", [_email, _add, _remove], RolesAsync));
        return users;
    }

    private async Task<int> ImportAsync(ToolRun run, CancellationToken ct)
    {
        var file = run.Given.GetRequiredValue(_file);
        await using var source = file == "-" ? run.Terminal.Input : File.OpenRead(file);
        await run.OpenDatabaseAsync(ct);
        var reader = ActivatorUtilities.CreateInstance<PersonReader>(run.Services);
        var import = new UserImport(reader, run.Get<UserTransferStore>(), problem =>
        {
            if (run.Json)
                run.Terminal.ComplainJson(problem);
            else
                run.Terminal.Error.WriteLine(problem);
        });
        try
        {
            await import.RunAsync(source, ct);
        }
        finally
        {
            // However it ended, some may have come in.
            await RecordAsync(run, AuditTypes.UsersImported, $"{import.Count}");
        }

        return run.Say($"{import.Count}", import.Count, import.Count.Refused > 0 ? Tool.Refused : Tool.Done);
    }

    private static async Task<int> ExportAsync(ToolRun run, CancellationToken ct)
    {
        await run.OpenDatabaseAsync(ct);
        var export = new UserExport(run.Get<UserTransferStore>());
        try
        {
            await export.RunAsync(run.Terminal.Output, ct);
        }
        finally
        {
            // However it ended, hashes may have left.
            await RecordAsync(run, AuditTypes.UsersExported, $"{export.Count}");
        }

        return Tool.Done;
    }

    private Task<int> SwitchAsync(
        ToolRun run, string state, Func<AccountSwitch, User, Task<bool>> change, CancellationToken ct) =>
        SwitchAsync(run, run.Given.GetRequiredValue(_email), state, change, ct);

    public static async Task<int> SwitchAsync(
        ToolRun run, string email, string state, Func<AccountSwitch, User, Task<bool>> change, CancellationToken ct)
    {
        if (await FindAsync(run, email, ct) is not { } user)
            return run.Refuse(await NobodyHasAsync(run, email, ct));
        var changed = await change(run.Get<AccountSwitch>(), user);
        return run.Say(
            changed ? $"{user.EmailCanonical} is {state}." : $"{user.EmailCanonical} was {state} already.",
            new { user.Id, state, changed });
    }

    private async Task<int> RolesAsync(ToolRun run, CancellationToken ct)
    {
        if (await FindAsync(run, run.Given.GetRequiredValue(_email), ct) is not { } user)
            return run.Refuse(await NobodyHasAsync(run, run.Given.GetRequiredValue(_email), ct));
        var given = run.Given.GetValue(_add) ?? [];
        if (given.FirstOrDefault(role => !PersonReader.IsRole(role)) is { } odd)
            return run.Refuse($"\"{odd}\" can't be a role: letters, digits and inner _.:- or blanks, 50 at most.");

        string[] roles = [.. user.Roles.Union(given).Except(run.Given.GetValue(_remove) ?? [])];
        if (roles.Length > PersonReader.MostRoles)
            return run.Refuse($"a person has at most {PersonReader.MostRoles} roles.");
        if (!roles.SequenceEqual(user.Roles)
            && !await run.Get<AccountSwitch>().SetRolesAsync(user, roles, Operator, ct))
        {
            return run.Refuse("somebody else changed these roles meanwhile: try again.");
        }

        return run.Say(roles.Length == 0 ? "no roles" : string.Join('\n', roles), new { user.Id, roles });
    }

    /// <summary>Warns of an address that was changed lately: whoever asks may be who changed it.</summary>
    public static void WarnOfNewAddress(ToolRun run, User user)
    {
        if (user.EmailChangedAt is { } at)
            run.Warn($"its address was changed on {at:u}: be sure that whoever asks for this is its owner.");
    }

    /// <summary>An account that was moved away is under its new address, and may be in other hands.</summary>
    private static async Task<string> NobodyHasAsync(ToolRun run, string typed, CancellationToken ct) =>
        EmailAddress.TryParse(typed) is { } email
        && await run.Get<UserStore>().FindByEmailBeforeAsync(email, ct) is { } moved
            ? $"nobody has that address: its account was moved to {moved.EmailCanonical} on {moved.EmailChangedAt:u}. "
                + "Name that one."
            : "nobody has that address.";

    private static async Task<User?> FindAsync(ToolRun run, string typed, CancellationToken ct)
    {
        await run.OpenDatabaseAsync(ct);
        return EmailAddress.TryParse(typed) is { } email
            ? await run.Get<UserStore>().FindByEmailAsync(email, ct)
            : null;
    }

    private static Task RecordAsync(ToolRun run, string type, string count) => run.Get<AuditStore>().RecordAsync(
        new AuditEvent(type, null, null, Operator, ("count", count)), CancellationToken.None);
}
