// Looks for a pattern in one file, line by line or across lines. It does not know which files are looked at, nor how it is shown.

using System.Text.RegularExpressions;
using Baltoro.Chat;

namespace Baltoro.Agent.Tools;

/// <summary>What looking through one file came to.</summary>
abstract record FileSearch
{
    FileSearch() { }

    /// <param name="Count">Lines that match; across lines: matches.</param>
    /// <param name="Lines">Those that match and what stands around them, in order; as many as were wanted.</param>
    public sealed record Found(int Count, Sequence<Line> Lines) : FileSearch;

    /// <summary>Nothing in it matches.</summary>
    public sealed record None : FileSearch
    {
        public static readonly None Instance = new();
    }

    /// <summary>It is not text, or cannot be read.</summary>
    public sealed record NotText : FileSearch
    {
        public static readonly NotText Instance = new();
    }

    /// <summary>Larger than is searched.</summary>
    public sealed record TooLarge : FileSearch
    {
        public static readonly TooLarge Instance = new();
    }

    /// <param name="Number">Counted from 1.</param>
    public readonly record struct Line(int Number, string Text, bool Matches);

    /// <param name="path">Absolute.</param>
    /// <param name="multiline">Whether a match may go on over a line's end.</param>
    /// <param name="before">Lines of context.</param>
    /// <param name="most">Lines that come back; matches are counted to the end all the same.</param>
    public static FileSearch In(string path, Regex regex, bool multiline, int before, int after, int most)
    {
        if (RegularFile.OpenToRead(path) is not RegularFile.Open { Stream: var stream }) return NotText.Instance;
        using (stream)
        {
            if (stream.Length > TextFile.MaxBytes) return TooLarge.Instance;
            byte[] bytes = new byte[stream.Length];
            int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            ReadOnlySpan<byte> content = bytes.AsSpan(0, read);
            if (TextEncodings.Detect(content) is not { } encoding || encoding.Decode(content) is not { } text) return NotText.Instance;
            return new Pass(LineEnds.Lf(text), regex, multiline, before, after, most).Run();
        }
    }

    /// <summary>One walk through a text whose lines end in line feeds.</summary>
    sealed class Pass(string text, Regex regex, bool multiline, int before, int after, int most)
    {
        readonly List<Line> _lines = [];
        int _count;

        /// <summary>Number and start of a line that was passed; numbers are counted as the walk goes.</summary>
        int _number = 1, _start;

        /// <summary>The number of the first line that was not shown yet.</summary>
        int _unshown = 1;

        public FileSearch Run()
        {
            for (int at = 0; at < text.Length;)
            {
                if (!Next(at, out int first, out int last)) break;
                int lineStart = Start(first), lineEnd = End(multiline ? Math.Max(first, last - 1) : first);
                // A match that went over the line's end says nothing of the line alone.
                if (!multiline && last > lineEnd && !regex.IsMatch(text.AsSpan(lineStart, lineEnd - lineStart)))
                {
                    at = lineEnd + 1;
                    continue;
                }
                _count++;
                Show(lineStart, lineEnd);
                at = lineEnd + 1;
            }
            return _count == 0 ? None.Instance : new Found(_count, [.. _lines]);
        }

        bool Next(int at, out int first, out int last)
        {
            foreach (ValueMatch match in regex.EnumerateMatches(text.AsSpan(at)))
            {
                (first, last) = (at + match.Index, at + match.Index + match.Length);
                // An empty match behind the last line feed is in no line.
                return first < text.Length || text[^1] != '\n';
            }
            (first, last) = (0, 0);
            return false;
        }

        int Start(int place) => place == 0 ? 0 : text.LastIndexOf('\n', place - 1) + 1;

        int End(int place) => text.IndexOf('\n', Math.Min(place, text.Length)) is >= 0 and var end ? end : text.Length;

        void Show(int from, int to)
        {
            if (_lines.Count >= most) return;
            _number += text.AsSpan(_start, from - _start).Count('\n');
            _start = from;
            int first = _number, last = first + text.AsSpan(from, to - from).Count('\n');
            // Lines behind the last match that were shown as its context are matches now.
            while (_lines.Count > 0 && _lines[^1].Number >= first) _lines.RemoveAt(_lines.Count - 1);
            _unshown = Math.Min(_unshown, first);
            int begin = from, number = first;
            while (number > first - before && number > _unshown && begin > 0)
            {
                begin = Start(begin - 1);
                number--;
            }
            for (; number <= last + after && begin < text.Length && _lines.Count < most; number++)
            {
                int end = End(begin);
                _lines.Add(new Line(number, text[begin..end], number >= first && number <= last));
                begin = end + 1;
            }
            _unshown = number;
        }
    }
}
