namespace AuthPortal.Web;

/// <summary>A validation attribute of ours, as far as JSON Schema can say what it holds to.</summary>
internal interface IDescribesText
{
    string Format { get; }

    int MaxLength { get; }
}
