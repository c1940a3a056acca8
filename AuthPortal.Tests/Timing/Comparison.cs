using System.Globalization;

namespace AuthPortal.Tests.Timing;

/// <summary>How long the same took for two kinds of people, in milliseconds, in turn.</summary>
internal sealed record Comparison(IReadOnlyList<double> Known, IReadOnlyList<double> Unknown)
{
    public double KnownMedian => Median(Known);

    public double UnknownMedian => Median(Unknown);

    /// <summary>By how much the slower median exceeds the faster; 0.1 is 10 %.</summary>
    public double Apart =>
        (Math.Max(KnownMedian, UnknownMedian) / Math.Min(KnownMedian, UnknownMedian)) - 1;

    /// <summary>
    /// The chance that a known one takes longer than an unknown one, both taken at random (Mann and Whitney's U over
    /// its largest): 0.5 where time tells nothing, 0 or 1 where it tells all.
    /// </summary>
    public double Auc
    {
        get
        {
            var wins = Known.Sum(known => Unknown.Sum(unknown => known > unknown ? 1 : known.Equals(unknown) ? 0.5 : 0));
            return wins / Known.Count / Unknown.Count;
        }
    }

    public bool TellsNothing => Apart <= 0.1 && Auc is >= 0.4 and <= 0.6;

    public string Row(string name) => string.Create(CultureInfo.InvariantCulture,
        $"| {name} | {KnownMedian:0.0} ms | {UnknownMedian:0.0} ms | {Apart:P1} | {Auc:0.00} | {(TellsNothing ? "no" : "YES")} |");

    private static double Median(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
