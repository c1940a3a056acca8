using Xunit;

namespace AuthPortal.Tests.Bench;

/// <summary>One measurement at a time, with the machine to itself.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class BenchInTurn
{
    public const string Name = "Bench";
}
