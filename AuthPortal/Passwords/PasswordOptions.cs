namespace AuthPortal.Passwords;

/// <summary>What a password must be, and what guessing one must cost. Section <c>Passwords</c>.</summary>
internal sealed class PasswordOptions
{
    public const string Section = "Passwords";
    public const int LowestCost = 10;
    public const int HighestCost = 16;
    public const int ShortestMinimum = 8;
    public const int LongestMinimum = 64;
    public const int MaximumLength = 128;

    /// <summary>In code points: as long as Django's longest, for who chose theirs elsewhere.</summary>
    public const int LongestProved = 4096;
    public const int PepperBytes = 32;

    /// <summary>bcrypt's cost. Each step doubles the time; a raised one re-hashes at the next sign-in.</summary>
    public int Cost { get; set; } = 11;

    /// <summary>Secrets kept out of the database, 32 bytes or more each: the first hashes, all verify.</summary>
    public IList<string> Pepper { get; } = [];

    /// <summary>In Unicode code points after NFKC.</summary>
    public int MinimumLength { get; set; } = ShortestMinimum;

    /// <summary>
    /// A range service of breached passwords, such as <c>https://api.pwnedpasswords.com/range</c>; none is asked where
    /// it is not set.
    /// </summary>
    public string? RangeCheckUrl { get; set; }

    /// <summary>How long its answer is waited for, from the connection to the last line.</summary>
    public TimeSpan RangeCheckTimeout { get; set; } = TimeSpan.FromMilliseconds(800);

    /// <summary>How many may wait to be hashed; unset, as many as are served in about two seconds.</summary>
    public int? QueueLimit { get; set; }
}
