using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Support;
using Microsoft.IdentityModel.JsonWebTokens;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Drills;

/// <summary>
/// pgbouncer in transaction mode stands between, as at Neon: each transaction may run on another server connection,
/// and what one leaves behind there would meet somebody else.
/// </summary>
[Collection(DrillsInTurn.Name), Trait("Category", "Drill")]
public sealed class PooledConnections(ITestOutputHelper output)
{
    private const int People = 40;
    private const int CallersEach = 5;
    private const int Requests = 10_000;

    [DrillFact(PgBouncer.Program, "pgbouncer")]
    public async Task Behind_a_transaction_pooler_nobody_is_taken_for_another_and_its_restart_loses_nothing()
    {
        await using var server = await PrivateServer.StartAsync(durable: true);
        await using var pooler = await PgBouncer.StartAsync(server.ConnectionString, poolSize: 5);
        await using var drill = Drill.Begin(
            output, nameof(PooledConnections), "pgbouncer in transaction mode between, with 5 connections behind it");
        var portal = await drill.StartPortalAsync(
            pooler.ConnectionString,
            new() { ["Throttling__ReadsByPerson__Burst"] = "100000" }); // each asks more often than a person does
        drill.Say("the migrations went through the pooler");

        await AskManyTimesAsync(drill, portal);
        await drill.StartLoadAsync(portal.Url);
        foreach (var away in (int[])[0, 2])
        {
            drill.Broken("kill -9 of pgbouncer");
            await pooler.KillAsync();
            await Task.Delay(TimeSpan.FromSeconds(away));
            await pooler.ContinueAsync();
            await drill.WholeAgainAsync("pgbouncer listens again");
        }

        drill.Broken("kill -9 of PostgreSQL behind pgbouncer, which goes on taking connections");
        await server.KillAllAsync();
        await Task.Delay(TimeSpan.FromSeconds(2));
        await server.ContinueAsync();
        await drill.WholeAgainAsync("PostgreSQL answers pgbouncer again");

        await drill.ReckonAsync(server.ConnectionString, portal.Url);
    }

    /// <summary>Everybody asks the database who they are, all at once and over and over.</summary>
    private static async Task AskManyTimesAsync(Drill drill, PortalProcess portal)
    {
        using var caller = drill.Caller(portal.Url);
        var people = new List<(Account Who, Held Session)>();
        for (var i = 0; i < People; i++)
            people.Add(await caller.EnterAsync(new Account(1000 + i)));
        drill.Say($"{People} people have signed up; each asks who they are from {CallersEach} devices at once");
        var (asked, mixedUp) = (0, 0);
        using var http = portal.Client();
        await Task.WhenAll(people.SelectMany(person => Enumerable.Repeat(person, CallersEach)).Select(async person =>
        {
            while (Interlocked.Increment(ref asked) <= Requests)
            {
                if (!await IsToldAsync(http, person.Who, person.Session))
                    Interlocked.Increment(ref mixedUp);
            }
        }));
        drill.Say($"{Requests} requests, {mixedUp} of them answered with anything but oneself (demanded: 0)");
        Assert.Equal(0, mixedUp);
    }

    /// <summary>Both read the row that the token names: one shows it, the other signs it.</summary>
    private static async Task<bool> IsToldAsync(HttpClient http, Account who, Held session)
    {
        if (Random.Shared.Next(2) == 0)
        {
            using var renewal = new HttpRequestMessage(HttpMethod.Post, "/api/auth/refresh");
            renewal.Headers.Authorization = new AuthenticationHeaderValue("Bearer", session.Refresh);
            renewal.Headers.Add("X-Forwarded-For", who.Address);
            using var renewed = await http.SendAsync(renewal);
            var token = new JsonWebToken(await renewed.EnsureSuccessStatusCode().TextAsync("token"));
            return token.Subject == $"{who.Id}" && token.GetPayloadValue<string>("email") == who.Email;
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/users/{who.Id}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", session.Access);
        request.Headers.Add("X-Forwarded-For", who.Address);
        using var answer = await http.SendAsync(request);
        var body = JsonNode.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
        return body["id"]!.GetValue<string>() == $"{who.Id}" && body["email"]!.GetValue<string>() == who.Email;
    }
}
