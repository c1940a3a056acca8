using AuthPortal.Passkeys;
using AuthPortal.SecondFactor;

namespace AuthPortal.Features;

/// <summary>
/// What somebody else may have enrolled in an account whose address its owner has just proved: left there, it would
/// let them in again, or keep the owner out.
/// </summary>
internal sealed class ForeignFactors(PasskeyStore passkeys, FactorStore factors)
{
    /// <summary>In the transaction of that proof.</summary>
    public async Task ForgetAsync(Guid userId, CancellationToken ct)
    {
        await passkeys.ForgetAsync(userId, ct);
        await factors.ForgetAsync(userId, ct);
    }
}
