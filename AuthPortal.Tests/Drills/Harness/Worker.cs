namespace AuthPortal.Tests.Drills.Harness;

/// <summary>
/// Lives one person's life after the other: sign up, sign in a second time, renew, change the password, sign out here
/// or everywhere. What is in doubt is asked again where that does no harm, else left for the reckoning.
/// </summary>
internal sealed class Worker(Caller caller, Ledger ledger, Func<bool> isOver)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    public async Task LiveAsync(Account who)
    {
        if (await SignUpAsync(who) is not { } first || await SignInAsync(who) is not { } second)
            return;
        await AskAgainAsync(() => caller.VerifyAsync(who, first.Access));
        if (await RenewAsync(who, second) is not { } renewed)
            return;

        var revokeOthers = Random.Shared.Next(3) == 0;
        if (await ChangePasswordAsync(who, first, revokeOthers) is not { } mine)
            return;
        if (revokeOthers || Random.Shared.Next(2) == 0)
            await SignOutEverywhereAsync(who, mine);
        else
            await SignOutAsync(who, second, renewed);
    }

    /// <returns>A session of somebody new; null where the load is over before there is one.</returns>
    public Task<Held?> EnterAsync(Account who) => SignUpAsync(who);

    private async Task<Held?> SignUpAsync(Account who)
    {
        for (; ; )
        {
            var reply = await caller.SignUpAsync(who);
            if (reply.IsOk)
            {
                who.Id = Guid.Parse(reply.Body!["user"]!["id"]!.GetValue<string>());
                return Keep(who, reply.Held("token"));
            }

            // What was not acknowledged may have been done: then the address is taken, by this very person.
            if (reply.Status == 422 && who.SignUpsInDoubt > 0)
                return await SignInAsync(who);
            if (!reply.IsInDoubt)
                return Refused(who, "sign up", reply);
            who.SignUpsInDoubt++;
            if (isOver())
                return null;
            await Task.Delay(Pause);
        }
    }

    private async Task<Held?> SignInAsync(Account who)
    {
        var reply = await AskAgainAsync(() => caller.SignInAsync(who, who.Password));
        if (!reply.IsOk)
            return Refused(who, "sign in", reply);
        who.Id ??= Guid.Parse(reply.Body!["user"]!["id"]!.GetValue<string>());
        return Keep(who, reply.Held("token"));
    }

    private async Task<Held?> RenewAsync(Account who, Held session)
    {
        var reply = await AskAgainAsync(() => caller.RenewAsync(who, session.Refresh));
        return reply.IsOk
            ? new Held(reply.Text("token")!, reply.Text("refreshToken")!)
            : Refused(who, "renew", reply);
    }

    /// <returns>What this device goes on with.</returns>
    private async Task<Held?> ChangePasswordAsync(Account who, Held by, bool revokeOthers)
    {
        var newer = $"battery staple {Guid.NewGuid():N}";
        var reply = await caller.ChangePasswordAsync(who, by, newer, revokeOthers);
        if (reply.IsInDoubt)
        {
            who.ChangesInDoubt++;
            who.PerhapsPassword = newer;
            if (revokeOthers)
                who.DoubtAll();
            await Task.Delay(Pause);
            return null;
        }

        if (!reply.IsOk)
            return Refused(who, "change the password", reply);
        (who.FormerPassword, who.Password) = (who.Password, newer);
        who.ChangesAcknowledged++;
        if (!revokeOthers)
            return by;
        who.EndAll();
        return Keep(who, reply.Held("token"));
    }

    private async Task SignOutAsync(Account who, Held session, Held renewed)
    {
        who.Going.Remove(session);
        var reply = await AskAgainAsync(() => caller.SignOutAsync(who, session));
        if (!reply.IsOk)
        {
            Refused(who, "sign out", reply);
            return;
        }

        who.Ended.AddRange(session, renewed);
        who.EndingsAcknowledged++;
    }

    private async Task SignOutEverywhereAsync(Account who, Held by)
    {
        var reply = await caller.SignOutEverywhereAsync(who, by);
        if (reply.IsOk)
        {
            who.EndAll();
            who.EndingsAcknowledged++;
            return;
        }

        who.DoubtAll();
        Refused(who, "sign out everywhere", reply);
    }

    private async Task<Reply> AskAgainAsync(Func<Task<Reply>> ask)
    {
        for (; ; )
        {
            var reply = await ask();
            if (!reply.IsInDoubt || isOver())
                return reply;
            await Task.Delay(Pause);
        }
    }

    private static Held Keep(Account who, Held session)
    {
        who.Going.Add(session);
        return session;
    }

    /// <summary>Nobody here does anything that deserves a no.</summary>
    private Held? Refused(Account who, string what, Reply reply)
    {
        if (!reply.IsInDoubt)
            ledger.Wrong($"{who.Email} could not {what}: {reply.Status} {reply.Body?.ToJsonString()}");
        return null;
    }
}
