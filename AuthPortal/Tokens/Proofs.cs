namespace AuthPortal.Tokens;

/// <summary>By what somebody has proved who they are, in one sign-in.</summary>
[Flags]
internal enum Proofs
{
    None = 0,

    /// <summary>Something known.</summary>
    Password = 1,

    /// <summary>A code of an authenticator app (RFC 6238).</summary>
    Totp = 2,

    /// <summary>One of the codes printed for the day the app is lost.</summary>
    RecoveryCode = 4,

    /// <summary>A key that a PIN or a finger has unlocked: two factors in one (WebAuthn level 3 §1.2).</summary>
    Passkey = 8,
}

internal static class AuthenticationMethods
{
    private const string Password = "pwd";
    private const string OneTimePassword = "otp";
    private const string ProofOfPossession = "pop";
    private const string UserVerified = "user";
    private const string MultiFactor = "mfa";

    private const Proofs Codes = Proofs.Totp | Proofs.RecoveryCode;

    extension(Proofs proofs)
    {
        /// <summary>The proofs as the values of the <c>amr</c> claim (RFC 8176 §2).</summary>
        public string[] ToAmr()
        {
            var amr = new List<string>();
            if (proofs.HasFlag(Proofs.Password))
                amr.Add(Password);
            if ((proofs & Codes) != 0)
                amr.Add(OneTimePassword);
            if (proofs.HasFlag(Proofs.Passkey))
                amr.AddRange([ProofOfPossession, UserVerified]);
            if (proofs.HasFlag(Proofs.Passkey) || amr.Count > 1)
                amr.Add(MultiFactor);
            return [.. amr];
        }

        /// <summary>What a session was begun with; a recovery code reads as the one-time password it is.</summary>
        public static Proofs OfAmr(IReadOnlyList<string> amr) =>
            (amr.Contains(Password) ? Proofs.Password : Proofs.None)
            | (amr.Contains(OneTimePassword) ? Proofs.Totp : Proofs.None)
            | (amr.Contains(ProofOfPossession) ? Proofs.Passkey : Proofs.None);
    }
}
