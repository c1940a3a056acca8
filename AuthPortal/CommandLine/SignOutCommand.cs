using System.CommandLine;
using AuthPortal.Tokens;

namespace AuthPortal.CommandLine;

/// <summary><c>users sign-out</c>: one person, or everybody, on the day the secret may be in other hands.</summary>
internal sealed class SignOutCommand(Tool tool)
{
    private readonly Argument<string?> _email = new("EMAIL")
    {
        Description = "The account's address, in any spelling of it.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _all = new("--all") { Description = "Everybody." };

    public Command Build()
    {
        var command = tool.Command(
            "sign-out", "End every session of a person, or of everybody.", [_email, _all], SignOutAsync);
        command.Validators.Add(given =>
        {
            if (given.GetValue(_all) == given.GetValue(_email) is not null)
                given.AddError("Name one person, or say --all.");
        });
        return command;
    }

    private async Task<int> SignOutAsync(ToolRun run, CancellationToken ct)
    {
        if (run.Given.GetValue(_email) is { } email)
        {
            return await UserCommands.SwitchAsync(
                run, email, "signed out", (gate, user) => gate.SignOutAsync(user, UserCommands.Operator, ct), ct);
        }

        await run.OpenDatabaseAsync(ct);
        var people = await run.Get<AccountSwitch>().SignOutEverybodyAsync(UserCommands.Operator, ct);
        return run.Say($"{people} people are signed out.", new { people });
    }
}
