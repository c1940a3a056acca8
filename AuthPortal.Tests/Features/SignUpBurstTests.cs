using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using AuthPortal.Passwords;
using AuthPortal.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Features;

/// <summary>More people at once than two portals together have room for.</summary>
public sealed class SignUpBurstTests(HashingPortal portal, ITestOutputHelper output) : IClassFixture<HashingPortal>
{
    private const int People = 64;

    /// <summary>Two or three on a machine at rest. On a busy one hashing is slower than when a time was told.</summary>
    private const int MostTries = 10;

    [Fact]
    public async Task Of_64_who_sign_up_at_once_with_two_instances_each_gets_in_or_is_told_a_time_that_holds()
    {
        await using var other = new HashingPortal { Database = portal.Database };
        other.Settings["Portal:PublicUrl"] = portal.Address;
        other.StartServer();
        HttpClient[] instances = [portal.Stranger(), other.Stranger()];
        foreach (var instance in instances) // what they do for the first time takes longer
            Assert.Equal(1, await SignUpAsync(instance, People));
        var took = Stopwatch.StartNew();

        var tries = await Task.WhenAll(
            Enumerable.Range(0, People).Select(person => SignUpAsync(instances[person % 2], person)));

        var byTries = tries.CountBy(count => count).OrderBy(count => count.Key);
        output.WriteLine(
            $"{string.Join(", ", byTries.Select(count => $"{count.Value} got in at try {count.Key}"))}; "
            + $"the last after {took.Elapsed.TotalSeconds:0.0} s");
        Assert.Contains(tries, count => count > 1); // or nobody was told a time
        Assert.All(tries, count => Assert.InRange(count, 1, MostTries));
        Assert.Equal(People + instances.Length, await portal.ScalarAsync<long>("select count(*) from users"));
    }

    /// <summary>Signs up, and comes back when told to.</summary>
    /// <returns>How many tries it took.</returns>
    private static async Task<int> SignUpAsync(HttpClient http, int person)
    {
        var body = new { name = "Ada", email = Api.NewEmail(), password = Api.Password };
        for (var tries = 1; ; tries++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/sign-up/email");
            request.Headers.Add("X-Forwarded-For", $"10.{person}.0.7");
            request.Content = JsonContent.Create(body);
            using var answer = await http.SendAsync(request);
            if (answer.StatusCode == HttpStatusCode.OK || tries == MostTries + 1)
                return tries;
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            var comeBack = answer.Headers.RetryAfter!.Delta!.Value;
            Assert.InRange(comeBack, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15));
            await Task.Delay(comeBack);
        }
    }
}

/// <summary>
/// A served portal that hashes on two threads at a quarter of the default cost, with a line too short for the burst.
/// </summary>
public sealed class HashingPortal : ServedPortal
{
    public HashingPortal()
    {
        Settings["Proxy:Known:0"] = "127.0.0.0/8";
        Settings["Proxy:Known:1"] = "::1";
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(services => services
            .PostConfigure<PasswordOptions>(passwords => passwords.Cost = 9)
            .AddSingleton(provider => new HashingQueue(
                threads: 2,
                limit: 8,
                provider.GetRequiredService<HashingMeter>(),
                provider.GetRequiredService<TimeProvider>())));
    }
}
