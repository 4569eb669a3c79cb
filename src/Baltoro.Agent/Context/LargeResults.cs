// Large tool results in files, with a preview in front of the model; it refuses to know which tool gave them.

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Baltoro.Chat;

namespace Baltoro.Agent.Context;

/// <summary>Files of one session, named after their contents, so that the same result has the same name whenever it is put away. Safe for several threads.</summary>
sealed class LargeResults(string folder)
{
    /// <summary>Characters from which on a text goes to a file at once.</summary>
    const int Large = 50_000;

    /// <summary>Characters of a text that stay, head and tail together: at once, and when room is needed.</summary>
    const int Preview = 2_000, ShortPreview = 600;

    /// <summary>Below this a text is not worth putting away.</summary>
    public const int WorthEvicting = 2_000;

    /// <summary>A tool's result as the model is to see it.</summary>
    /// <param name="most">Estimated tokens that there is room for.</param>
    public Sequence<Block> Shorten(Sequence<Block> content, long most)
    {
        int texts = content.Count(block => block is Block.Text);
        return content.Map(block => block is Block.Text { Content: var text } && (text.Length > Large || text.Length > Math.Max(ShortPreview, most / texts) && TokenEstimate.Of(text) > most / texts)
            // A character is a token at most, but for scripts of which a window holds little anyway.
            ? new Block.Text(PutAway(text, (int)Math.Clamp(most / texts, ShortPreview, Preview)))
            : block);
    }

    /// <summary>What stays of an old result; null when it is too small to matter.</summary>
    public string? Evict(Sequence<Block> content)
    {
        string text = string.Join('\n', content.Select(block => block is Block.Text said ? said.Content : $"[{block.GetType().Name}]"));
        int size = content.Sum(block => block is Block.Text said ? said.Content.Length : WorthEvicting);
        return size < WorthEvicting ? null : PutAway(text, ShortPreview);
    }

    string PutAway(string text, int preview)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        string path = Path.Combine(folder, $"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}.txt");
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(folder);
            string draft = $"{path}.{Guid.NewGuid():n}.part";
            File.WriteAllBytes(draft, bytes);
            File.Move(draft, path, overwrite: true);
        }
        int tail = preview / 4;
        return string.Create(CultureInfo.InvariantCulture,
            $"[{text.Length} characters; the whole text is in {path}, to be read in parts. Its beginning and end:]\n{Cut(text, 0, preview - tail)}\n[…]\n{Cut(text, text.Length - tail, text.Length)}");
    }

    /// <summary>Never half a character.</summary>
    static string Cut(string text, int from, int to)
    {
        if (from > 0 && char.IsLowSurrogate(text[from])) from++;
        if (to < text.Length && char.IsHighSurrogate(text[to - 1])) to--;
        return text[from..to];
    }
}
