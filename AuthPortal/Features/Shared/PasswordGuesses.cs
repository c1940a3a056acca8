using AuthPortal.Audit;
using AuthPortal.Mail;
using AuthPortal.Passwords;
using AuthPortal.Throttling;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features;

/// <summary>A password that somebody gave for an account.</summary>
/// <param name="Email">The account's, or the one that was typed where there is none.</param>
/// <param name="User">Null for an unknown account, which is judged alike.</param>
/// <param name="Own">
/// The device or session that has a budget of its own: the account was used there before. Null for a stranger's.
/// </param>
internal sealed record PasswordGuess(EmailAddress Email, User? User, string Password, string? Own);

/// <summary>
/// Every password that is given is judged here, and each is counted before: a right one costs nothing, a wrong one
/// takes from the budget of its account, its address and its block. Strangers share what there is for an account, so
/// that no number of them gets further; devices that the account was used on have their own (ASVS 6.3.1), so that no
/// stranger locks its owner out. A success never resets what others have used up.
/// </summary>
internal sealed class PasswordGuesses(
    Limits limits, PasswordHasher hasher, UserStore users, GuessWarnings warnings, RefusalTally tally)
{
    private static readonly Letter Warning = new(
        "Somebody is guessing your password",
        [
            "Several wrong passwords were given for your account, one after another, from devices that you have not "
                + "signed in on before. None of them was right.",
            "Such devices have to wait between tries now. Devices you have used before are not affected.",
        ],
        Closing:
        [
            "If this was you, \"Forgot your password?\" on the sign-in page leads to a new one at once. If it was "
                + "not, there is nothing to do; a second factor or a passkey makes guessing useless.",
        ]);

    /// <returns>The verdict, which the caller records; or why it can't be judged now.</returns>
    public async Task<Result<PasswordVerdict>> JudgeAsync(PasswordGuess guess, Client client, CancellationToken ct)
    {
        var quotas = Quotas(guess, client);
        if (await limits.FindExhaustedAsync(quotas, guess.User?.Id, client, ct) is { } exhausted)
            return Refuse(exhausted, guess, client);

        var caller = new HashingCaller(client.Address, IsKnown: guess.Own is not null);
        var verdict = await hasher.VerifyAsync(guess.Password, guess.User?.PasswordHash, caller, ct);
        if (!verdict.Succeeded)
        {
            // A network that sends more than can be looked at pays for it all the same, or it could go on for ever.
            tally.Note(AuditTypes.Shed, $"hashing {AddressBlock.Of(client.Address)}", guess.User?.Id, client);
            var ofBlock = limits.Rules.PasswordByBlock.Name;
            await limits.GiveBackAsync([.. quotas.Where(quota => quota.Rule.Name != ofBlock)]);
            return verdict;
        }

        // Of a disabled account, even the right one is answered like a wrong one.
        if (verdict.Value != PasswordVerdict.Wrong && guess.User is { DisabledAt: null })
            limits.GiveBackLater(quotas);
        if (verdict.Value == PasswordVerdict.RightButOutdated)
            await RehashAsync(guess.User!, guess.Password, client, CancellationToken.None); // judged is judged
        return verdict;
    }

    private List<Quota> Quotas(PasswordGuess guess, Client client)
    {
        var (rules, account) = (limits.Rules, guess.Email.Canonical);

        // A new password begins anew: or whoever still has a passkey could keep its owner out for good.
        var atMost = new Quota(rules.PasswordAtMost, $"{account} {guess.User?.PasswordId}");
        return guess.Own is { } own
            ? [new Quota(rules.PasswordByDevice, $"{own} {account}"), atMost]
            : [
                new Quota(rules.PasswordByAccount, account),
                atMost,
                .. limits.OfNetwork(client, rules.PasswordByAddress, rules.PasswordByBlock),
            ];
    }

    private AuthError Refuse(Exhausted exhausted, PasswordGuess guess, Client client)
    {
        var (rule, isStranger) = (exhausted.Quota.Rule, guess.Own is null);
        var isOfAccount = rule == limits.Rules.PasswordByAccount || rule == limits.Rules.PasswordAtMost;
        if (rule == limits.Rules.PasswordByAccount && guess.User is { DisabledAt: null } user)
        {
            // Not while somebody waits for the answer: its time would tell that there is an account.
            var happened = new AuditEvent(AuditTypes.PasswordGuessed, user.Id, null, client);
            warnings.TellLater(happened, user, Warning);
        }

        return isOfAccount || !isStranger
            ? AuthErrors.TooManyPasswords(exhausted.Wait)
            : AuthErrors.TooManyRequests(exhausted.Wait);
    }

    /// <summary>Brings the stored hash up to today's cost; nothing fails for want of it.</summary>
    private async Task RehashAsync(User user, string password, Client client, CancellationToken ct)
    {
        var newer = await hasher.HashAsync(password, new HashingCaller(client.Address, IsKnown: true), ct);
        if (newer.Succeeded)
            await users.ReplaceHashAsync(user.Id, user.PasswordHash!, newer.Value, ct);
    }
}
