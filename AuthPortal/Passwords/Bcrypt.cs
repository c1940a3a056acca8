#pragma warning disable RS0030 // the one place that may
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.RegularExpressions;
using BCryptNet = BCrypt.Net.BCrypt;

namespace AuthPortal.Passwords;

/// <summary>The one place that calls bcrypt, and keeps account of the rounds it spends.</summary>
internal sealed partial class Bcrypt
{
    public const string MeterName = "AuthPortal.Passwords";
    public const string RoundsCounter = "authportal.passwords.bcrypt_rounds";

    private const int LowestCost = 4;
    private readonly Counter<long> _rounds;

    public Bcrypt(IMeterFactory meters) =>
        _rounds = meters.Create(MeterName).CreateCounter<long>(RoundsCounter, "{round}", "Rounds of bcrypt spent.");

    /// <summary>
    /// Null where the text is no bcrypt hash. The library answers those with four kinds of exception, and a cost that
    /// nobody chose (31 takes hours) would hold a hashing thread.
    /// </summary>
    public static int? CostOf(string hash)
    {
        if (!WellFormed().IsMatch(hash))
            return null;
        var cost = int.Parse(hash.AsSpan(4, 2), CultureInfo.InvariantCulture);
        return cost is >= LowestCost and <= PasswordOptions.HighestCost ? cost : null;
    }

    /// <summary>
    /// The costs that together spend so many rounds. Cost c is 2^c of them, so they are the number's bits; what is
    /// under bcrypt's lowest cost (1 ms) is let go.
    /// </summary>
    public static IEnumerable<int> CostsOf(long rounds) =>
        Enumerable.Range(LowestCost, PasswordOptions.HighestCost + 1 - LowestCost)
            .Where(cost => (rounds >> cost & 1) == 1);

    public string Hash(string input, int cost)
    {
        _rounds.Add(1L << cost);
        return BCryptNet.HashPassword(input, cost);
    }

    public bool Matches(string input, string hash, int cost)
    {
        _rounds.Add(1L << cost);
        return BCryptNet.Verify(input, hash);
    }

    /// <summary>Takes as long as so many rounds do; none or fewer takes no time.</summary>
    public void Burn(long rounds)
    {
        foreach (var cost in CostsOf(Math.Max(0, rounds)))
            Hash("", cost);
    }

    [GeneratedRegex(@"\A\$2[aby]\$[0-9]{2}\$[./A-Za-z0-9]{53}\z")]
    private static partial Regex WellFormed();
}
