using System.CommandLine;
using AuthPortal.Database;
using AuthPortal.Users;
using Microsoft.Extensions.Options;

namespace AuthPortal.CommandLine;

/// <summary><c>users evict</c>: gives an account that is in other hands back to its owner's mailbox.</summary>
internal sealed class EvictCommand(Tool tool)
{
    private readonly Argument<string> _email =
        new("EMAIL") { Description = "The account's present address, in any spelling of it." };

    private readonly Option<string> _moveTo =
        new("--move-to") { Description = "The owner's mailbox, where the account's own is in other hands too." };

    public Command Build() => tool.Command(
        "evict", "End every way into an account in other hands, its password too.", [_email, _moveTo], EvictAsync);

    private async Task<int> EvictAsync(ToolRun run, CancellationToken ct)
    {
        var typed = run.Given.GetValue(_moveTo);
        var moveTo = EmailAddress.TryParse(typed);
        if (typed is not null && moveTo is null)
            return run.Refuse($"\"{typed}\" is not an email address.");
        if (!run.Get<IOptions<AccountOptions>>().Value.HasMail)
        {
            return run.Refuse(
                "without mail nobody could choose a new password, and the account would be shut for good: set "
                    + "Mail__Host, or use `users disable`.");
        }

        try
        {
            return await UserCommands.SwitchAsync(
                run,
                run.Given.GetRequiredValue(_email),
                "shut to whoever was in",
                async (gate, user) =>
                {
                    if (moveTo is not null && await IsReservedAsync(run, user, moveTo, ct))
                        throw new ReservedException();
                    UserCommands.WarnOfNewAddress(run, user);
                    return await gate.EvictAsync(user, moveTo, UserCommands.Operator, ct);
                },
                ct);
        }
        catch (ReservedException)
        {
            return run.Refuse($"{moveTo!.Canonical} {UserImport.Reserved}.");
        }
        catch (Exception e) when (UniqueConflict.Is(e))
        {
            return run.Refuse($"{moveTo!.Canonical} has an account already.");
        }
    }

    private static async Task<bool> IsReservedAsync(ToolRun run, User user, EmailAddress email, CancellationToken ct) =>
        await run.Get<UserStore>().FindByEmailBeforeAsync(email, ct) is { } moved && moved.Id != user.Id;

    /// <summary>Another account can still come back to that address.</summary>
    private sealed class ReservedException : Exception;
}
