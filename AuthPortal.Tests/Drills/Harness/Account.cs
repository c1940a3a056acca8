using AuthPortal.Tests.Support;

namespace AuthPortal.Tests.Drills.Harness;

/// <summary>One that signed in, and what it got.</summary>
internal sealed record Held(string Access, string Refresh);

/// <summary>A made-up person, and all that the portal has told them: what the reckoning holds against it.</summary>
internal sealed class Account(int number)
{
    public string Email { get; } = Api.NewEmail();

    /// <summary>Everybody lives in a network of their own, so that no throttle takes the load for one flood.</summary>
    public string Address { get; } = $"10.{number / 250 % 250}.{number % 250}.7";

    /// <summary>Null until a sign-up was acknowledged.</summary>
    public Guid? Id { get; set; }

    /// <summary>Sign-ups, changes and revocations asked for that were not acknowledged: each may have happened.</summary>
    public int SignUpsInDoubt { get; set; }

    public int ChangesInDoubt { get; set; }

    /// <summary>The last one acknowledged.</summary>
    public string Password { get; set; } = $"correct horse {Guid.NewGuid():N}";

    /// <summary>What an acknowledged change has put out of use.</summary>
    public string? FormerPassword { get; set; }

    /// <summary>What a change in doubt may have put in its place.</summary>
    public string? PerhapsPassword { get; set; }

    public int ChangesAcknowledged { get; set; }

    public int EndingsAcknowledged { get; set; }

    /// <summary>Sessions that were acknowledged to have ended.</summary>
    public List<Held> Ended { get; } = [];

    /// <summary>Sessions that nobody has asked to end.</summary>
    public List<Held> Going { get; } = [];

    /// <summary>Has all sessions that go on ended, as was acknowledged.</summary>
    public void EndAll()
    {
        Ended.AddRange(Going);
        Going.Clear();
    }

    /// <summary>Of these nothing is known any more.</summary>
    public void DoubtAll() => Going.Clear();
}
