namespace AuthPortal.Languages;

/// <summary>
/// Names the resource files beside it. A text's key is its English: where a file lacks it, people read that.
/// </summary>
internal sealed class Words;
