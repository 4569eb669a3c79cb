// Tokens to text, as they come. Knows no chat format.

using System.Text;

namespace Baltoro.Engine.Tokenizers;

/// <summary>
/// Holds back the bytes of a character until it is whole: whatever the cuts between tokens, the texts put together are the text of all bytes. Bytes that are no UTF-8 become
/// U+FFFD. One caller at a time.
/// </summary>
public sealed class TokenDecoder(Tokenizer tokenizer)
{
    readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    char[] _room = new char[64];

    /// <summary>What a token adds; may be empty. Of a control token that is its name.</summary>
    public string Add(int token) => Decode(tokenizer.Bytes(token), flush: false);

    /// <summary>What is left at a text's end: U+FFFD for a character that was not finished, or nothing. The next token begins anew.</summary>
    public string Finish() => Decode([], flush: true);

    string Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        int most = Encoding.UTF8.GetMaxCharCount(bytes.Length) + 1;
        if (_room.Length < most) _room = new char[most];
        int count = _decoder.GetChars(bytes, _room, flush);
        return count == 0 ? "" : new(_room, 0, count);
    }
}
