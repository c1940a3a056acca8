using AuthPortal.Languages;

namespace AuthPortal.Mail;

/// <summary>What we write to somebody, before it is a mail: plain words in English, nothing encoded.
/// <see cref="LetterRenderer"/> says it in the reader's language.</summary>
/// <param name="Subject">One line; no token and no name in it.</param>
/// <param name="Paragraphs">What comes before the link.</param>
/// <param name="Closing">What comes after it.</param>
internal sealed record Letter(
    string Subject, IReadOnlyList<Phrase> Paragraphs, LetterLink? Link = null, IReadOnlyList<Phrase>? Closing = null);

/// <param name="Words">What the button says.</param>
/// <param name="Url">Absolute, from the portal's public address.</param>
internal sealed record LetterLink(string Words, string Url);
