using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace AuthPortal.Tests.Support;

/// <summary>
/// A test in a real browser. When it fails, what its visitors see is kept under <c>.data/browser</c>. Without Chromium
/// it is skipped by name; <c>AUTHPORTAL_REQUIRE_BROWSER=1</c> runs it all the same, and so makes the missing browser a
/// failure.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("AuthPortal.Tests.Support.BrowserFactDiscoverer", "AuthPortal.Tests")]
public sealed class BrowserFactAttribute : FactAttribute
{
    /// <summary>Looks for Chromium.</summary>
    public BrowserFactAttribute()
    {
        if (!File.Exists(Chromium.Program) && Environment.GetEnvironmentVariable("AUTHPORTAL_REQUIRE_BROWSER") != "1")
            Skip = $"needs Chromium at {Chromium.Program} (apt-get install chromium), or where AUTHPORTAL_CHROMIUM names it";
    }
}

/// <summary>Makes a <see cref="BrowserTestCase"/> of each test that is marked as one.</summary>
public sealed class BrowserFactDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
    [
        new BrowserTestCase(
            diagnostics, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(),
            testMethod),
    ];
}

/// <summary>A test that ends by closing its visitors' browsers, once it is known whether it failed.</summary>
public sealed class BrowserTestCase : XunitTestCase
{
    /// <summary>For xunit, which sends test cases from process to process.</summary>
    [Obsolete("xunit alone calls it.")]
    public BrowserTestCase()
    {
    }

    public BrowserTestCase(
        IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(diagnostics, display, options, method)
    {
    }

    public override Task<RunSummary> RunAsync(
        IMessageSink diagnosticMessageSink,
        IMessageBus messageBus,
        object[] constructorArguments,
        ExceptionAggregator aggregator,
        CancellationTokenSource cancellationTokenSource) =>
        new CaseRunner(
            this, DisplayName, SkipReason, constructorArguments, TestMethodArguments, messageBus, aggregator,
            cancellationTokenSource).RunAsync();

    private sealed class CaseRunner(
        IXunitTestCase testCase, string name, string skip, object[] made, object[] given, IMessageBus bus,
        ExceptionAggregator failures, CancellationTokenSource cancel)
        : XunitTestCaseRunner(testCase, name, skip, made, given, bus, failures, cancel)
    {
        protected override XunitTestRunner CreateTestRunner(
            ITest test, IMessageBus messageBus, Type testClass, object[] constructorArguments,
            System.Reflection.MethodInfo testMethod, object[] testMethodArguments, string skipReason,
            IReadOnlyList<BeforeAfterTestAttribute> beforeAfterAttributes, ExceptionAggregator aggregator,
            CancellationTokenSource cancellationTokenSource) =>
            new TestRunner(
                test, messageBus, testClass, constructorArguments, testMethod, testMethodArguments, skipReason,
                beforeAfterAttributes, aggregator, cancellationTokenSource);
    }

    private sealed class TestRunner(
        ITest test, IMessageBus bus, Type testClass, object[] made, System.Reflection.MethodInfo method, object[] given,
        string skip, IReadOnlyList<BeforeAfterTestAttribute> around, ExceptionAggregator failures,
        CancellationTokenSource cancel)
        : XunitTestRunner(test, bus, testClass, made, method, given, skip, around, failures, cancel)
    {
        protected override Task<decimal> InvokeTestMethodAsync(ExceptionAggregator aggregator) => new Invoker(
            Test, MessageBus, TestClass, ConstructorArguments, TestMethod, TestMethodArguments, BeforeAfterAttributes,
            aggregator, CancellationTokenSource).RunAsync();
    }

    private sealed class Invoker(
        ITest test, IMessageBus bus, Type testClass, object[] made, System.Reflection.MethodInfo method, object[] given,
        IReadOnlyList<BeforeAfterTestAttribute> around, ExceptionAggregator failures, CancellationTokenSource cancel)
        : XunitTestInvoker(test, bus, testClass, made, method, given, around, failures, cancel)
    {
        protected override async Task<decimal> InvokeTestMethodAsync(object testClassInstance)
        {
            var visitors = Visitors.OfThisTest();
            var took = await base.InvokeTestMethodAsync(testClassInstance);
            await Aggregator.RunAsync(() => visitors.LeaveAsync(DisplayName, hasFailed: Aggregator.HasExceptions));
            return took;
        }
    }
}
