// Finds the stop sequences of a request in text that comes in pieces. Knows no tokens.

using System.Text;
using Baltoro.Chat;

namespace Baltoro.Models.Local;

/// <summary>Holds back what may be the beginning of a stop sequence. For one text; not thread-safe.</summary>
sealed class StopText(Sequence<string> sequences)
{
    readonly string[] _sequences = [.. sequences.Where(sequence => sequence.Length > 0)];
    readonly StringBuilder _held = new();

    /// <summary>The sequence that was met; null when none was.</summary>
    public string? Reached { get; private set; }

    public bool IsReached => Reached is not null;

    /// <summary>What can be said of the text so far and was not said before. Nothing comes behind a stop sequence.</summary>
    public string Next(string text)
    {
        if (_sequences.Length == 0) return text;
        if (IsReached) return "";
        string all = _held.Append(text).ToString();
        _held.Clear();
        int first = all.Length;
        foreach (string sequence in _sequences)
        {
            int at = all.IndexOf(sequence, StringComparison.Ordinal);
            if (at < 0 || at >= first) continue;
            (first, Reached) = (at, sequence);
        }
        if (IsReached) return all[..first];
        int held = _sequences.Max(sequence => Beginning(all, sequence));
        _held.Append(all, all.Length - held, held);
        return all[..^held];
    }

    /// <summary>What was held back, when no more comes.</summary>
    public string Rest()
    {
        string rest = _held.ToString();
        _held.Clear();
        return rest;
    }

    /// <summary>How much of a text's end may be the beginning of a sequence.</summary>
    static int Beginning(string text, string sequence)
    {
        for (int length = Math.Min(text.Length, sequence.Length - 1); length > 0; length--)
            if (text.AsSpan(text.Length - length).SequenceEqual(sequence.AsSpan(0, length))) return length;
        return 0;
    }
}
