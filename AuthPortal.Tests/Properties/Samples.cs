using System.Text.Json;
using CsCheck;

namespace AuthPortal.Tests.Properties;

/// <summary>
/// Promises that hold whatever comes, tried with what chance makes: a few samples in every run of the tests, and all
/// of them under <c>make fuzz</c>. A failure prints the smallest case it found, and the seed that makes it again:
/// <c>CsCheck_Seed=… make fuzz</c>.
/// </summary>
internal static class Samples
{
    private static readonly bool All = Environment.GetEnvironmentVariable("AUTHPORTAL_FUZZ") == "1";

    /// <param name="few">In every run.</param>
    /// <param name="many">Under <c>make fuzz</c>.</param>
    public static int Count(int few, int many) => All ? many : few;

    public static void Hold<T>(this Gen<T> gen, int few, int many, Action<T> promise) =>
        gen.Sample(promise, iter: Count(few, many), print: Print);

    /// <param name="threads">One, where a sample must not see another's doings.</param>
    public static Task HoldAsync<T>(this Gen<T> gen, int few, int many, Func<T, Task> promise, int threads = -1) =>
        gen.SampleAsync(promise, iter: Count(few, many), threads: threads, print: Print);

    /// <summary>In ASCII, since what fails is often what can't be seen; the seed makes the rest of a long one.</summary>
    private static string Print<T>(T sample)
    {
        var text = JsonSerializer.Serialize(sample is string own ? own : Check.Print(sample));
        return text.Length > 2_000 ? $"{text[..2_000]}... ({text.Length} characters)" : text;
    }
}
