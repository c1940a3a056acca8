using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestCollectionOrderer("AuthPortal.Tests.Support.CollectionOrder", "AuthPortal.Tests")]
[assembly: TestCaseOrderer("AuthPortal.Tests.Support.CaseOrder", "AuthPortal.Tests")]

namespace AuthPortal.Tests.Support;

/// <summary>
/// How often each class runs: once, or as often as <c>AUTHPORTAL_SOAK</c> says, all in one process and in random order,
/// so that what is red by chance shows (<c>build/test-soak</c>).
/// </summary>
internal static class Soak
{
    public static int Times { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("AUTHPORTAL_SOAK"), out var times) ? times : 1;

    public static T[] Shuffled<T>(IEnumerable<T> items)
    {
        var array = items.ToArray();
        Random.Shared.Shuffle(array);
        return array;
    }
}

/// <summary>
/// The order of the classes. Those that take longest begin first, so that no core is idle at the end while the last of
/// them runs.
/// </summary>
public sealed class CollectionOrder : ITestCollectionOrderer
{
    private static readonly string[] Long = ["GateMatrixTests", "LinkMatrixTests", ".Browser.", ".Mail.", ".Start."];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        Soak.Times > 1
            ? Soak.Shuffled(Enumerable.Repeat(testCollections, Soak.Times).SelectMany(each => each))
            : testCollections.OrderBy(Rank).ThenBy(each => each.UniqueID);

    private static int Rank(ITestCollection collection)
    {
        var rank = Array.FindIndex(Long, part => collection.DisplayName.Contains(part, StringComparison.Ordinal));
        return rank < 0 ? Long.Length : rank;
    }
}

/// <summary>The order of the cases within a class: as xunit has it, or random.</summary>
public sealed class CaseOrder(IMessageSink diagnostics) : ITestCaseOrderer
{
    private readonly DefaultTestCaseOrderer _usual = new(diagnostics);

    public IEnumerable<TTestCase> OrderTestCases<TTestCase>(IEnumerable<TTestCase> testCases)
        where TTestCase : ITestCase =>
        Soak.Times > 1 ? Soak.Shuffled(testCases) : _usual.OrderTestCases(testCases);
}
