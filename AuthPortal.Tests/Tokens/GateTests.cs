using AuthPortal.Tokens;
using AuthPortal.Users;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthPortal.Tests.Tokens;

/// <summary>
/// Every set of proofs, for everybody there can be, under every policy, on every device: what must hold of each cell,
/// said apart from how the gate decides it.
/// </summary>
public sealed class GateTests
{
    private const Proofs Codes = Proofs.Totp | Proofs.RecoveryCode;

    private static readonly SecondFactorOptions[] Policies =
    [
        new(),
        new() { Required = true },
        new() { RequiredForRoles = ["admin"] },
        new() { RequiredForRoles = ["admin", "owner"], Required = true },
    ];

    private sealed record Cell(
        SecondFactorOptions Policy, User User, Proofs Proved, bool IsTrusted)
    {
        public NextStep? Next => Ask(Proved);

        public bool IsDemanded => User.HasTotp || IsRequired;

        public bool IsRequired =>
            Policy.Required || User.Roles.Any(role => Policy.RequiredForRoles.Contains(role));

        public NextStep? Ask(Proofs proved, bool hasTotp = false) => new Gate(Options.Create(Policy))
            .Ask(User with { HasTotp = User.HasTotp || hasTotp }, proved, IsTrusted);

        public override string ToString() => $"{Proved} of {User.HasTotp}, {User.HasPasskeys}, "
            + $"[{string.Join(' ', User.Roles)}] under {Policy.Required}, [{string.Join(' ', Policy.RequiredForRoles)}]"
            + $"{(IsTrusted ? " trusted" : "")}: {Next?.Accepted.ToString() ?? "session"}";
    }

    private static readonly Cell[] All =
    [
        .. from policy in Policies
           from roles in new string[][] { [], ["admin"], ["editor"], ["editor", "owner"] }
           from hasTotp in new[] { false, true }
           from hasPasskeys in new[] { false, true }
           from proved in Enumerable.Range(0, 16)
           from isTrusted in new[] { false, true }
           let ada = User.New(EmailAddress.TryParse("ada@example.com")!, "Ada", null, "hash", DateTimeOffset.UnixEpoch)
           let user = ada with { Roles = roles, HasTotp = hasTotp, HasPasskeys = hasPasskeys }
           select new Cell(policy, user, (Proofs)proved, isTrusted),
    ];

    [Fact]
    public void There_are_cells_of_every_kind() =>
        Assert.Equal(4 * 4 * 2 * 2 * 16 * 2, All.Length);

    [Fact]
    public void Nobody_gets_a_session_by_a_code_alone_or_by_nothing() =>
        Assert.DoesNotContain(All, cell =>
            cell.Next is null && (cell.Proved & (Proofs.Password | Proofs.Passkey)) == 0);

    [Fact]
    public void A_password_alone_opens_nothing_where_a_second_factor_is_on_or_demanded() =>
        Assert.DoesNotContain(All, cell => cell.Next is null && cell.Proved == Proofs.Password && cell.IsDemanded
            && !(cell.IsTrusted && cell.User.HasTotp));

    [Fact]
    public void A_device_s_trust_stands_for_a_code_and_never_for_a_password_or_for_what_was_never_set_up() =>
        Assert.DoesNotContain(All, cell => cell is { IsTrusted: true, Next: null }
            && !cell.Proved.HasFlag(Proofs.Passkey)
            && (!cell.Proved.HasFlag(Proofs.Password) || (cell.IsRequired && !cell.User.HasTotp)));

    [Fact]
    public void A_code_counts_only_for_those_who_have_codes() =>
        Assert.DoesNotContain(All, cell => cell is { Next: null, IsRequired: true, User.HasTotp: false }
            && !cell.Proved.HasFlag(Proofs.Passkey));

    [Fact]
    public void A_passkey_is_enough_for_everybody() =>
        Assert.All(All.Where(cell => cell.Proved.HasFlag(Proofs.Passkey)), cell => Assert.Null(cell.Next));

    [Fact]
    public void A_password_and_a_code_are_enough_for_those_who_have_codes() =>
        Assert.All(
            All.Where(cell => cell.Proved.HasFlag(Proofs.Password) && (cell.Proved & Codes) != 0 && cell.User.HasTotp),
            cell => Assert.Null(cell.Next));

    [Fact]
    public void A_password_is_enough_where_nothing_more_is_demanded() =>
        Assert.All(
            All.Where(cell => cell.Proved.HasFlag(Proofs.Password) && !cell.IsDemanded),
            cell => Assert.Null(cell.Next));

    [Fact]
    public void Whoever_is_asked_for_more_can_give_it_and_is_let_in_then() =>
        Assert.All(All.Where(cell => cell.Next is not null), cell =>
        {
            if (cell.Next == NextStep.Enrol)
            {
                Assert.False(cell.User.HasTotp || cell.User.HasPasskeys);
                Assert.Null(cell.Ask(cell.Proved | Proofs.Totp, hasTotp: true));
                return;
            }

            Assert.False(cell.Next!.Accepted.HasFlag(Proofs.Passkey) && !cell.User.HasPasskeys);
            Assert.False((cell.Next.Accepted & Codes) != 0 && !cell.User.HasTotp);
            foreach (var proof in Enum.GetValues<Proofs>().Where(p => p != Proofs.None && cell.Next.Accepted.HasFlag(p)))
            {
                // A password may be followed by one more step; nothing else is.
                var after = cell.Ask(cell.Proved | proof);
                Assert.True(after is null || proof == Proofs.Password, $"{cell} after {proof}");
            }
        });

    [Fact]
    public void A_session_goes_on_only_with_what_today_s_policy_asks_for() =>
        Assert.All(All.Where(cell => cell.Proved != Proofs.None), cell =>
        {
            var session = new Session(
                Guid.NewGuid(), cell.User.Id, 1, default, cell.Proved.ToAmr(), false, default);
            var goesOn = new Gate(Options.Create(cell.Policy)).LetsGoOn(cell.User, session);
            if (cell.Next is null)
                Assert.True(goesOn, $"{cell}");
            if (cell is { IsRequired: true, User.HasTotp: false } && !cell.Proved.HasFlag(Proofs.Passkey))
                Assert.False(goesOn, $"{cell}");
        });
}
