using System.Globalization;
using System.Text.RegularExpressions;

namespace AuthPortal.Passwords;

/// <summary>Reads the whole numbers and the base64 in a password hash that is text.</summary>
internal static class HashText
{
    extension(Match match)
    {
        /// <returns>-1 for what is none.</returns>
        public int Number(string group)
        {
            var text = match.Groups[group].ValueSpan;
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
        }

        /// <summary>Base64 with padding or without, and with passlib's dots for plus signs.</summary>
        /// <returns>Null for what is none.</returns>
        public byte[]? Bytes(string group)
        {
            var text = match.Groups[group].Value.Replace('.', '+').TrimEnd('=');
            var bytes = new byte[text.Length * 3 / 4];
            return Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), bytes, out var length)
                && length == bytes.Length ? bytes : null;
        }
    }
}
