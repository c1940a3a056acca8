namespace AuthPortal.Tests.Passwords;

/// <summary>Passwords and what other programs made of them, to be brought along as they are.</summary>
internal static class BroughtHashes
{
    public const string Ascii = "correct horse battery";
    public const string Umlaut = "Grüße aus München";
    public const string Emoji = "🦄 rainbow 🏳️‍🌈 night";

    // u and its two dots apart, and the ligature fi: in NFKC another text.
    public const string NotNfkc = "Gru\u0308ße \uFB01n";

    /// <summary>
    /// Made by npm's better-auth 1.7.25 under node: <c>hashPassword(password)</c> of <c>better-auth/crypto</c>.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string> BetterAuth = new Dictionary<string, string>
    {
        [Ascii] = "e8eca499d1767c2a72d50f0b4341cf1d:559a06c8b040f27047b8110616afd80d47b7d836962f7e536c3e8a299a0ab1f8"
            + "40881f96127ec9d267274c66066ecb41b6189cf2b9c04d76b1dfca684be20bce",
        [Umlaut] = "86a0744c2b0cb995e2a32981c37a1031:6b720375583d56f688f0f253e4a642d6eea7a2154cd2f8130f2b1bf75f9e7df1"
            + "f0924cc07e2b67c0d8975a745599ee7687d7a2fbf7663fe0e2f599e8814ffd5a",
        [NotNfkc] = "1a96c181337be6c26a376ade59ff63f6:73068f846aa52dd0afb2040c6cc5c1ad6420ef08bfbbc56164ab1e9ed1b5b501"
            + "8ced28fa743e2ad30cf71bd163b61e17c0ac7a043ae39b8720afadd605c7b18f",
        [Emoji] = "b77b7a3ac1ffcd275928dbd7c15bb058:6e49a30aeb8f76e9e64c4fe079b8c873ba4aad061a16cce067a9b689769b3f8c"
            + "f07eeda5b018a026c9691a4a0f751405e4d8b0347fac22cc27e5816614db9867",
    };

    /// <summary>
    /// Made by npm's bcryptjs 2.4.3, <c>hashSync(password, 10)</c>: the form that Supabase's Go library writes.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string> Supabase = new Dictionary<string, string>
    {
        [Ascii] = "$2a$10$70DFhYzZVKl7./sM7yo4h.oUbyq84JQ7g5tmBBBnMCPEOoAb7M3LW",
        [Umlaut] = "$2a$10$qpnFDsVKbx9tp5WsnCRrauv8XUwo8rxfzvyVptXjdHYA74vVm7WXK",
        [Emoji] = "$2a$10$i1AetuDKYENAzn7F4KbfBePbVMTcHNFGxyOnpuMQ.sPYIyUcMpMQy",
    };

    /// <summary>
    /// Made by Django 3.2 (<c>make_password</c>), argon2-cffi 21, PHP 8.2 (<c>password_hash</c>, WordPress 6.1's
    /// <c>PasswordHash</c> and the formula of 6.8), Python's <c>hashlib</c> as Keycloak's are brought; the last is the
    /// example of github.com/firebase/scrypt.
    /// </summary>
    public static readonly IReadOnlyList<(string Password, string Hash)> Others =
    [
        (Ascii, "pbkdf2_sha256$260000$X00geYxLgyrfORmqdFNp2L$7LcYnoAQYGCjS32SRGPRR5MpJVm+X5h1baHF4l9chno="),
        (Ascii, "pbkdf2_sha1$260000$dfqdE9jnXWFxCJdx6sBa40$CuTMZtFTVuzXMI5Qj/AkXraFslY="),
        (NotNfkc, "pbkdf2_sha256$260000$1Un0uJ5GHf2xZrNzwlY8Ze$hf7Zb6PZpxjM8m8q/J7opz40c8vGMNgL5ecfdlrYzg8="),
        (Ascii, "argon2$argon2id$v=19$m=102400,t=2,p=8$bUN1VUl0blZrT3FTS2d0Vlg0REFGcA$WSje3pMsjfSQkS/oujuPkA"),
        (NotNfkc, "argon2$argon2id$v=19$m=102400,t=2,p=8$NXNaR2c5MzdnRnNBV1lpczBiSnVBbw$T0dI2aggYzLwyrLA9SzLIA"),
        (Ascii, "$argon2id$v=19$m=65536,t=3,p=1$eNocNJBKIHx9/Rj5vopdBg$0cisz4E7SimxI1rf9K3JIA"),
        (Ascii, "$argon2i$v=19$m=19456,t=2,p=1$XWz/uuiyHYaSx1w25aQJAg$BfaxSM7Ks7e7Plc+g0KnQA"),
        (Ascii, "$argon2id$v=19$m=65536,t=4,p=1$bWpDNHJad2FmZUs3aG5TSw$4P0KsQCwhF/hVs8hQ2OxWIJs899g6k9o9LTEVSHoZEI"),
        (Ascii, "$pbkdf2-sha256$27500$SssFdeEez3NXplAglDaLOA==$UimGAlfrNq7Zg4hsFPtrxzHv3qN0r9WYPwgLExPEPdjLQGSxCMgoi5b+"
            + "DLoW9EHwnbA90r8dwfk5SVOTH65E0w=="),
        (Ascii, "$pbkdf2-sha512$210000$SssFdeEez3NXplAglDaLOA$yUZApRfESSA1T6yRjCgh5HwcuGROR1zKPh7I.V/jhkNxZVFqQAjwFUDQ"
            + "Imrzkdgjwn0mjwnIw1o5Y/meQkEMaA"),
        (Ascii, "$2y$10$8jy4t5A7W8TKInZtg0i6deDSDQNvGCEXjVP7Gaghomp/ROzuIkf6i"),
        (Ascii, "$wp$2y$10$xSFXXchvx6g8qMyEQy36A.NsvH6zctu9qF29rKy/fuoawhjP6WUtC"),
        (Ascii, "$P$BJAylYcvcMaisOR/BnqrLWqOvdX3dq/"),
        ("user1password", "$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJ"
            + "zxUECKbm0QsEmYUSDzZvpjeJ9WmXA==$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3a"
            + "oItz+VHjoZilo78198JAdRuid5lQ=="),
    ];

    /// <summary>Made by npm's bcryptjs 3, which writes the younger letter.</summary>
    public static readonly IReadOnlyDictionary<string, string> Younger = new Dictionary<string, string>
    {
        [Ascii] = "$2b$10$K/TzeqzJuZjYjJcDUmiLAual0ZXkBtf76kETKPgzDF0/vMXv1mrhe",
        [NotNfkc] = "$2b$10$VkpJqLTRlwz3UHEuSiABBeTEuia.djQrsunaIKs4Bbuqg9O/P//5a",
    };
}
