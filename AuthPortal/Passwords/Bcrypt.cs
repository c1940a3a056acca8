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
    /// The costs to burn so that a refusal takes as long as a wrong password at today's cost.
    /// Cost c is 2^c rounds, so after one hash at c those at c, c+1 … today-1 add up to 2^today exactly.
    /// </summary>
    public static IEnumerable<int> MissingCosts(int? spent, int today) => spent switch
    {
        null => [today],
        _ when spent >= today => [],
        _ => Enumerable.Range(spent.Value, today - spent.Value),
    };

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

    public void BurnMissing(int? spent, int today)
    {
        foreach (var cost in MissingCosts(spent, today))
            Hash("", cost);
    }

    [GeneratedRegex(@"\A\$2[aby]\$[0-9]{2}\$[./A-Za-z0-9]{53}\z")]
    private static partial Regex WellFormed();
}
