using AuthPortal.Keys;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace AuthPortal.Tests.Keys;

public sealed class KeyRingTests
{
    private static readonly string[] Purposes = ["refresh", "verify-email", "reset-password", "access", "ES256:access"];

    private readonly FakeTimeProvider _clock = Rings.ClockAt(2026, 3, 1);

    [Fact]
    public void Two_portals_with_one_secret_hold_the_same_keys()
    {
        using var one = Rings.Ring(_clock);
        using var other = Rings.Ring(_clock);

        Assert.Equal(one.PublishedKids(), other.PublishedKids());
        Assert.Equal(one.AccessSigning.Kid, other.AccessSigning.Kid);
        Assert.Equal(Bytes(one.Signing("refresh").Key), Bytes(other.Signing("refresh").Key));
    }

    [Fact]
    public void The_keys_of_a_known_secret_never_change()
    {
        using var ring = Rings.Ring(_clock);

        Assert.Equal("ldOdEfR8VJo-KnB6AV4LFw-t_pchdm9MB3S2tYT2Eqw", ring.AccessSigning.Kid);
        Assert.Equal("1.0.227", ring.Signing("refresh").Kid);
        Assert.Equal(
            "b2f655015c3bc6ea6f1bd0299698f80d1806e77b2aaec648f88da7c1e7768a9e",
            Convert.ToHexStringLower(Bytes(ring.Signing("refresh").Key)));
    }

    [Fact]
    public async Task The_same_secret_under_another_public_url_shares_no_key()
    {
        using var production = Rings.Ring(_clock);
        using var staging = Rings.Ring(_clock, publicUrl: "https://staging.example.com");

        Assert.Empty(production.PublishedKids().Intersect(staging.PublishedKids()));
        Assert.False(await production.AcceptsAsync(Rings.Sign(staging.AccessSigning)));
        foreach (var purpose in Purposes)
            Assert.False(await production.AcceptsAsync(purpose, Rings.Sign(staging.Signing(purpose))));
    }

    [Fact]
    public void No_purpose_has_the_key_of_another_purpose_or_secret_or_epoch()
    {
        var options = new KeyOptions { Secrets = $"2:{Rings.New},1:{Rings.Old}", Generation = 1 };
        using var ring = Rings.Ring(_clock, options);

        var keys = (from purpose in Purposes
                    from version in Enumerable.Range(1, 2)
                    from generation in Enumerable.Range(0, 3)
                    from epoch in Enumerable.Range(226, 3)
                    select Convert.ToHexString(Bytes(ring.Find(purpose, $"{version}.{generation}.{epoch}").Single())))
            .ToArray();

        Assert.Equal(Purposes.Length * 18, keys.Distinct().Count());
    }

    [Fact]
    public void A_key_of_a_purpose_is_never_a_published_one()
    {
        using var ring = Rings.Ring(_clock);

        foreach (var kid in ring.PublishedKids())
            Assert.All(Purposes, purpose => Assert.Empty(ring.Find(purpose, kid)));
        foreach (var purpose in Purposes)
            Assert.Empty(ring.FindAccessKeys(ring.Signing(purpose).Kid));

        // HKDF's output is the start of any longer one under the same name, so the names must differ too.
        var published = Rings.Derivation(new KeyOptions { Secret = Rings.Old })
            .Derive(new KeyName("ES256:access", 1, 0, 227), SigningKey.MaterialBytes);
        Assert.All(Purposes, purpose => Assert.NotEqual(published[..32], Bytes(ring.Signing(purpose).Key)));
    }

    [Fact]
    public async Task A_token_that_names_no_key_or_an_unknown_one_is_refused()
    {
        using var ring = Rings.Ring(_clock);

        Assert.Empty(ring.FindAccessKeys(null));
        Assert.Empty(ring.FindAccessKeys(""));
        Assert.Empty(ring.FindAccessKeys("../../etc/passwd"));
        Assert.Empty(ring.Find("refresh", null));
        using var pair = System.Security.Cryptography.ECDsa.Create();
        var unknown = new SigningCredentials(new ECDsaSecurityKey(pair) { KeyId = "unknown" }, "ES256");
        Assert.False(await ring.AcceptsAsync(Rings.Sign(unknown)));
        Assert.True(await ring.AcceptsAsync(Rings.Sign(ring.AccessSigning)));
    }

    [Fact]
    public async Task Eight_threads_sign_and_verify_across_a_rotation()
    {
        using var ring = Rings.Ring(_clock);
        using var start = new Barrier(8);

        var threads = Enumerable.Range(0, 8).Select(thread => Task.Factory.StartNew(
            () => WorkAsync(thread), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        var refused = await Task.WhenAll(await Task.WhenAll(threads));

        Assert.Equal(new int[8], refused);

        async Task<int> WorkAsync(int thread)
        {
            var refusals = 0;
            start.SignalAndWait();
            for (var i = 0; i < 100; i++)
            {
                var (access, refresh) = (Rings.Sign(ring.AccessSigning), Rings.Sign(ring.Signing("refresh")));
                if (thread == 0 && i == 50)
                    _clock.Advance(TimeSpan.FromDays(90));
                if (!await ring.AcceptsAsync(access) || !await ring.AcceptsAsync("refresh", refresh))
                    refusals++;
            }

            return refusals;
        }
    }

    [Fact]
    public async Task A_ring_that_ends_leaves_another_with_the_same_secret_at_work()
    {
        using var staying = Rings.Ring(_clock);
        var leaving = Rings.Ring(_clock);
        var token = Rings.Sign(leaving.AccessSigning);
        Assert.True(await leaving.AcceptsAsync(token));
        leaving.Dispose();

        Assert.True(await staying.AcceptsAsync(token));
        Assert.True(await staying.AcceptsAsync(Rings.Sign(staying.AccessSigning)));
    }

    [Fact]
    public void Asking_for_a_key_allocates_nothing()
    {
        using var ring = Rings.Ring(TimeProvider.System);
        var (access, refresh) = (ring.AccessSigning.Kid, ring.Signing("refresh").Kid);
        Ask();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Ask();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Ask()
        {
            _ = ring.AccessSigning;
            _ = ring.Signing("refresh");
            _ = ring.FindAccessKeys(access);
            _ = ring.Find("refresh", refresh);
        }
    }

    private static byte[] Bytes(SecurityKey key) => Assert.IsType<SymmetricSecurityKey>(key).Key;
}
