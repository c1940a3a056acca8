using AuthPortal.Tests.Support;

namespace AuthPortal.Tests.Drills.Harness;

/// <summary>Two portals on one database behind nginx; each keeps its port from one life to the next.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private readonly Drill _drill;
    private readonly string _database;
    private readonly int[] _ports = [LoopbackPort.TakeForGood(), LoopbackPort.TakeForGood()];
    private readonly PortalProcess[] _portals = new PortalProcess[2];
    private Nginx _nginx = null!;

    private Fleet(Drill drill, string database) => (_drill, _database) = (drill, database);

    /// <summary>Of the proxy: what people type.</summary>
    public string Url { get; } = $"http://127.0.0.1:{LoopbackPort.TakeForGood()}";

    public IReadOnlyList<PortalProcess> Portals => _portals;

    /// <summary>For every life of a portal from here on.</summary>
    public Dictionary<string, string?> Settings { get; } = [];

    public static async Task<Fleet> StartAsync(Drill drill, string database, Dictionary<string, string?>? settings = null)
    {
        var fleet = new Fleet(drill, database);
        fleet.Settings["Portal__PublicUrl"] = fleet.Url;
        foreach (var (key, value) in settings ?? [])
            fleet.Settings[key] = value;
        await fleet.StartAsync(0);
        await fleet.StartAsync(1);
        fleet._nginx = await Nginx.StartAsync(new Uri(fleet.Url).Port, fleet._ports);
        return fleet;
    }

    public async Task StartAsync(int index) =>
        _portals[index] = await _drill.StartPortalAsync(_database, Settings, _ports[index]);

    /// <returns>The longest that one took to end.</returns>
    public async Task<TimeSpan> RestartInTurnAsync()
    {
        var longest = TimeSpan.Zero;
        for (var index = 0; index < _portals.Length; index++)
        {
            var took = await _drill.TerminateAsync(_portals[index]);
            longest = took > longest ? took : longest;
            await StartAsync(index);
        }

        return longest;
    }

    public ValueTask DisposeAsync() => _nginx.DisposeAsync();
}
