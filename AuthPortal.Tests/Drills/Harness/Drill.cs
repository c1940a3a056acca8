using AuthPortal.Tests.CommandLine;
using AuthPortal.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Drills.Harness;

/// <summary>Drills take the whole machine: one after another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class DrillsInTurn
{
    public const string Name = "Drills";
}

/// <summary>
/// One drill from its first line to its summary. Portals and loads that it started end with it; whatever it does to
/// the machine besides, the drill itself undoes.
/// </summary>
internal sealed class Drill : IAsyncDisposable
{
    private readonly List<(PortalProcess Portal, string Name)> _portals = [];
    private readonly HashSet<PortalProcess> _toldToEnd = [];
    private readonly List<TimeSpan> _recoveries = [];
    private readonly string _name;
    private Load? _load;
    private TimeSpan? _faulty;

    private Drill(ITestOutputHelper output, string name, string fault)
    {
        (_name, Journal) = (name, new Journal(output));
        Ledger = new Ledger(Journal);
        Journal.Print("");
        Journal.Print($"{name}: {fault}");
    }

    public Journal Journal { get; }

    public Ledger Ledger { get; }

    /// <summary>Answers that never came; a drill in which the portal itself stays up leaves it at none.</summary>
    public bool MayLoseAnswers { get; set; }

    public static Drill Begin(ITestOutputHelper output, string name, string fault) => new(output, name, fault);

    public void Say(string what) => Journal.Say(what);

    /// <summary>A portal as it really runs, that takes everybody's address from the load, and judges no crowd.</summary>
    /// <param name="port">Null for any.</param>
    public async Task<PortalProcess> StartPortalAsync(
        string database, Dictionary<string, string?>? settings = null, int? port = null)
    {
        var all = new Dictionary<string, string?>
        {
            ["Proxy__Known__0"] = "127.0.0.0/8",
            ["Proxy__Known__1"] = "::1",
            ["Passwords__QueueLimit"] = "200",
        };
        foreach (var (key, value) in settings ?? [])
            all[key] = value;
        var portal = PortalProcess.Start(database, all, port);
        _portals.Add((portal, $"{_name}-{_portals.Count + 1}"));
        await portal.ReadyAsync();
        Say($"a portal is ready at {portal.Url} (process {portal.ProcessId})");
        return portal;
    }

    /// <summary>For what a drill asks by itself; its answers count with the load's.</summary>
    public Caller Caller(string url) => new(url, Journal, Ledger);

    /// <summary>Waits until a balancer would leave the portal out, and a supervisor would still leave it alone.</summary>
    public async Task SeesNotReadyAsync(PortalProcess portal)
    {
        using var http = new HttpClient { BaseAddress = new Uri(portal.Url) };
        var isRed = await Eventually.IsTrueAsync(
            async () => (int)(await http.GetAsync("/healthz/ready")).StatusCode == 503, TimeSpan.FromSeconds(30));
        var live = (int)(await http.GetAsync("/healthz/live")).StatusCode;
        Say($"/healthz/ready says {(isRed ? 503 : 200)}, /healthz/live {live}");
        Assert.True(isRed);
        Assert.Equal(200, live);
    }

    /// <summary>SIGTERM, and how long it took to end.</summary>
    public async Task<TimeSpan> TerminateAsync(PortalProcess portal)
    {
        _toldToEnd.Add(portal);
        var told = Journal.Now;
        portal.Terminate();
        var code = await portal.ExitAsync(TimeSpan.FromMinutes(2));
        var took = Journal.Now - told;
        Say($"process {portal.ProcessId} exited with {code}, {Journal.Seconds(took)} after SIGTERM");
        if (code != 0)
            Ledger.Wrong($"SIGTERM made a portal exit with {code}");
        return took;
    }

    /// <summary>kill -9; returns when it is gone.</summary>
    public async Task KillAsync(PortalProcess portal)
    {
        _toldToEnd.Add(portal);
        portal.Kill();
        await portal.ExitAsync(TimeSpan.FromMinutes(1));
    }

    public async Task<Load> StartLoadAsync(string url) => _load = await Load.StartAsync(url, Journal, Ledger);

    /// <summary>From here on something is broken.</summary>
    public void Broken(string what)
    {
        _faulty = Journal.Now;
        Say($"FAULT: {what}");
    }

    /// <summary>From here on it is whole again; returns when every kind of act has succeeded since.</summary>
    public async Task WholeAgainAsync(string what)
    {
        var back = Journal.Now;
        Say($"BACK: {what}, {Journal.Seconds(back - _faulty!.Value)} after the fault began");
        await _load!.ServedAsync("recovered by itself");
        var first = Ledger.FirstServedAfter(back)!.Value - back;
        _recoveries.Add(first);
        Say($"the first success came {Journal.Seconds(first)} after that");
    }

    /// <summary>Ends the load, reckons, prints the summary, and fails unless nothing was lost.</summary>
    public async Task ReckonAsync(string database, string url)
    {
        await _load!.StopAsync();
        Say("the load has ended; reckoning");
        var reckoning = await Reckoning.OfAsync(database, url, _load.People, Journal, Ledger);
        var ended = _portals.Count(entry => entry.Portal.HasExited && !_toldToEnd.Contains(entry.Portal));
        var chain = await VerifyAuditAsync(database, url);
        Print(reckoning, ended);
        Line("audit log", chain.Answer.Split('\n')[0]);
        Assert.True(chain.ExitCode == 0, $"{chain.Answer}{chain.Words}");
        Assert.Empty(Ledger.Wrongs);
        Assert.All([reckoning.SignUps, reckoning.Changes, reckoning.Endings], fate => Assert.True(fate.IsGood));
        Assert.True(MayLoseAnswers || Ledger.Unanswered == 0, $"{Ledger.Unanswered} requests got no answer");
        Assert.Equal(0, Ledger.VerificationAway().TotalSeconds);
        Assert.Equal(0, ended);
    }

    public async ValueTask DisposeAsync()
    {
        if (_load is not null)
            await _load.DisposeAsync();
        foreach (var (portal, name) in _portals)
        {
            await portal.DisposeAsync();
            var folder = Directory.CreateDirectory(Path.Combine(Source.Root, ".data", "drills"));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"{name}.log"), portal.Said);
        }
    }

    /// <summary>Whether what was recorded stands as it was sealed, whatever happened in between.</summary>
    private static Task<ToolAnswer> VerifyAuditAsync(string database, string url) =>
        Tools.ProcessAsync("audit verify", "", new()
        {
            ["ConnectionStrings__Portal"] = database,
            ["Portal__PublicUrl"] = url,
            ["BETTER_AUTH_SECRET"] = Portal.Secret,
        });

    private void Print(Reckoning reckoning, int ended)
    {
        var verifications = Ledger.Verifications.Select(answer => answer.At - answer.Asked).Order().ToList();
        Line("acknowledged", "  done   lost   doubled  half done");
        Line("  sign-ups", $"{reckoning.SignUps}");
        Line("  password changes", $"{reckoning.Changes}");
        Line("  revocations", $"{reckoning.Endings}");
        Line("answers", Ledger.ByStatus());
        Line("requests without an answer", $"{Ledger.Unanswered}");
        Line("GET /api/me", $"{verifications.Count} times, 99 of 100 within "
            + $"{Journal.Seconds(verifications[verifications.Count * 99 / 100])}, "
            + $"the slowest {Journal.Seconds(verifications[^1])}");
        Line("  unavailable for", Journal.Seconds(Ledger.VerificationAway()));
        Line("longest without service", Journal.Seconds(Ledger.LongestWithoutService(_load!.UnderWay)));
        if (_recoveries.Count > 0)
            Line("first success after it was back", string.Join(", ", _recoveries.Select(Journal.Seconds)));
        Line("portals that ended", $"{ended}");
    }

    /// <summary>A line of the summary.</summary>
    public void Line(string what, string figures) => Journal.Print($"  {what,-33}{figures}");
}
