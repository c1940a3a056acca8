namespace AuthPortal.Mail;

/// <summary>Wakes the <c>OutboxWorker</c> of this process when a letter has been committed.</summary>
internal sealed class OutboxSignal
{
    /// <summary>Happens within <see cref="Ring"/>. One ring too many costs an idle look.</summary>
    public event Action? Rung;

    public void Ring() => Rung?.Invoke();
}
