using System.Net;
using AuthPortal.Passwords;
using AuthPortal.Tests.Support;
using AuthPortal.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AuthPortal.Tests.Passwords;

/// <summary>What is asked of the list of breached passwords, and what its answers do. It is asked over real HTTP.</summary>
public sealed class BreachedPasswordsTests : IAsyncLifetime
{
    private const string NotListed = "four random words here";

    private readonly RangeService _service = new();

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task A_listed_password_is_refused_like_a_common_one_and_another_is_not()
    {
        await using var host = Host();

        Assert.Equal((AuthErrors.PasswordTooCommon, BreachAnswer.Listed), await ChooseAsync(host, RangeService.Breached));
        Assert.Equal((null, BreachAnswer.NotListed), await ChooseAsync(host, NotListed));
    }

    [Theory]
    [InlineData("0018A45C4D1DEF81644B54AB7F969B88D66:9")]
    [InlineData(RangeService.Suffix + ":0")] // padding, by the unlikeliest of chances
    public async Task Neither_a_neighbour_nor_padding_counts(string line)
    {
        _service.Answer = RangeService.Listing(line);
        await using var host = Host();

        Assert.Equal((null, BreachAnswer.NotListed), await ChooseAsync(host, RangeService.Breached));
    }

    [Fact]
    public async Task Digits_in_lower_case_and_bare_line_ends_are_read_too()
    {
        _service.Answer = context =>
            context.Response.WriteAsync($"{RangeService.OtherLine}\n{RangeService.Suffix.ToLowerInvariant()}:2\n");
        await using var host = Host();

        Assert.Equal(BreachAnswer.Listed, (await ChooseAsync(host, RangeService.Breached)).Breach);
    }

    [Fact]
    public async Task Five_digits_leave_and_nothing_else()
    {
        await using var host = Host();

        await ChooseAsync(host, RangeService.Breached);
        await ChooseAsync(host, "\uFB01ve golden rings"); // printf 'five golden rings' | sha1sum

        Assert.Equal(["/range/06D86", "/range/D2535"], _service.Asked.Select(question => question.Address));
        Assert.All(_service.Asked, question => Assert.Equal(
            ["Add-Padding: true", $"Host: {new Uri(_service.Url).Authority}", "User-Agent: AuthPortal"],
            question.Headers.Select(h => $"{h.Key}: {h.Value}").Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task What_is_refused_anyway_is_not_asked_about_nor_is_anything_where_no_service_is_set()
    {
        await using var host = Host();
        await using var without = PasswordHost.With();

        foreach (var refused in (string[])["password123", "short", "", "half \ud800 a character", "Ada Lovelace"])
            Assert.Equal(BreachAnswer.NotAsked, (await ChooseAsync(host, refused)).Breach);
        Assert.Equal((null, BreachAnswer.NotAsked), await ChooseAsync(without, RangeService.Breached));

        Assert.Empty(_service.Asked);
    }

    public static TheoryData<string> Failures =>
    [
        "hangs", "hangs in the middle", "breaks off", "500", "404", "429", "sends elsewhere", "answers nothing",
        "answers a page", "answers half a line", "answers a line too wide", "answers no number", "answers without end",
    ];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_service_that_fails_lets_the_password_through(string failure)
    {
        var end = new CancellationTokenSource();
        _service.Answer = context => FailAsync(context, failure, end.Token);
        await using var host = PasswordHost.With(("Passwords:RangeCheckUrl", _service.Url));

        // Whatever hangs does so until the test ends it.
        var chosen = await ChooseAsync(host, RangeService.Breached).WaitAsync(TimeSpan.FromSeconds(25));
        await end.CancelAsync();

        // It is asked no second time; on a busy machine its second may be over before it was asked at all.
        Assert.Equal((null, BreachAnswer.Failed), chosen);
        Assert.InRange(_service.Asked.Count, 0, 1);
    }

    [Fact]
    public async Task A_service_that_is_not_there_lets_it_through_too()
    {
        await using var host = PasswordHost.With(
            ("Passwords:RangeCheckUrl", $"http://127.0.0.1:{LoopbackPort.TakeForGood()}/range"));

        Assert.Equal((null, BreachAnswer.Failed), await ChooseAsync(host, RangeService.Breached));
    }

    [Fact]
    public async Task One_that_failed_is_let_rest_then_tried_by_one_and_asked_again_by_all()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(61));
        await using var host = PasswordHost.With(
            builder => builder.Services.AddSingleton<TimeProvider>(time), _service.Settings);
        var breached = host.Breached;
        var well = _service.Answer;
        _service.Answer = context => FailAsync(context, "500", default);
        await breached.FindAsync(NotListed);
        Assert.Equal(BreachAnswer.Failed, await breached.FindAsync(RangeService.Breached));
        Assert.Single(_service.Asked);

        time.Advance(BreachedPasswords.RestAfterFailure);
        var mayAnswer = new TaskCompletionSource();
        _service.Answer = async context =>
        {
            await mayAnswer.Task;
            await well(context);
        };
        var probe = breached.FindAsync(RangeService.Breached);
        Assert.Equal(BreachAnswer.Failed, await breached.FindAsync(RangeService.Breached));
        mayAnswer.SetResult();
        Assert.Equal(BreachAnswer.Listed, await probe);
        Assert.Equal(BreachAnswer.Listed, await breached.FindAsync(RangeService.Breached));
        Assert.Equal(3, _service.Asked.Count);
    }

    [Fact]
    public async Task Of_a_flood_no_more_is_asked_about_than_was_hashed()
    {
        await using var host = PasswordHost.With(
            [.. _service.Settings, ("Passwords:QueueLimit", "1")]);

        var chosen = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => ChooseAsync(host, NotListed)));

        Assert.Contains(chosen, one => one.Refusal?.Code == AuthErrors.TooBusy.Code);
        Assert.Equal(chosen.Count(one => one.Refusal is null), _service.Asked.Count);
    }

    private PasswordHost Host() => PasswordHost.With([.. _service.Settings]);

    private static async Task<(AuthError? Refusal, BreachAnswer Breach)> ChooseAsync(PasswordHost host, string password)
    {
        var chosen = await host.Choice.HashAsync(
            password, "ada@example.com", "Ada Lovelace", new HashingCaller(IPAddress.Loopback, IsKnown: false), default);
        return (chosen.Hash.Error, chosen.Breach);
    }

    private static async Task FailAsync(HttpContext context, string failure, CancellationToken end)
    {
        var response = context.Response;
        var line = $"{RangeService.Suffix}:7\r\n";
        switch (failure)
        {
            case "hangs":
                await Task.Delay(Timeout.Infinite, end).ContinueWith(_ => { }, TaskScheduler.Default);
                break;
            case "hangs in the middle":
                await response.WriteAsync(line, end);
                await response.Body.FlushAsync(end);
                await Task.Delay(Timeout.Infinite, end).ContinueWith(_ => { }, TaskScheduler.Default);
                break;
            case "breaks off":
                response.ContentLength = 1_000;
                await response.WriteAsync(line, end);
                await response.Body.FlushAsync(end);
                context.Abort();
                break;
            case "sends elsewhere":
                response.Redirect($"{context.Request.Path}/again");
                break;
            case "answers without end":
                while (!context.RequestAborted.IsCancellationRequested)
                    await response.WriteAsync(string.Concat(Enumerable.Repeat(line, 1_000)), context.RequestAborted);
                break;
            default:
                response.StatusCode = int.TryParse(failure, out var status) ? status : 200;
                await response.WriteAsync(Nonsense(failure, line), end);
                break;
        }
    }

    private static string Nonsense(string failure, string line) => failure switch
    {
        "answers nothing" => "\r\n",
        "answers a page" => "<!doctype html><title>Sign in to the Wi-Fi</title>",
        "answers half a line" => line + RangeService.Suffix,
        "answers a line too wide" => $"{line}0{line}",
        "answers no number" => $"{RangeService.OtherLine}\n{RangeService.Suffix}:-1",
        _ => line,
    };
}
