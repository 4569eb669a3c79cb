// Finds, in the stream of a command's output, the mark by which its shell says that it is done. It does not run anything.

using System.Globalization;
using System.Text;

namespace Baltoro.Agent.Tools;

/// <summary>
/// Splits a stream into output and the one mark <c>NUL nonce SP code SP folder NUL</c>. A mark says more than the end of the pipe:
/// what was started in the background may hold a pipe open for ever.
/// </summary>
/// <param name="nonce">Unknown to whoever wrote the command.</param>
sealed class EndMark(string nonce)
{
    /// <summary>Longer than any path.</summary>
    const int Longest = 8192;

    readonly byte[] _start = Encoding.ASCII.GetBytes($"\0{nonce} ");
    readonly List<byte> _held = [];

    /// <summary>What the mark said; null until it was seen.</summary>
    public (int Code, string Folder)? Found { get; private set; }

    /// <summary>Takes the next bytes and passes on those that are output; after the mark there are none.</summary>
    public void Next(ReadOnlySpan<byte> bytes, CommandOutput output)
    {
        while (!bytes.IsEmpty && Found is null)
        {
            if (_held.Count == 0)
            {
                int nul = bytes.IndexOf((byte)0);
                output.Append(nul < 0 ? bytes : bytes[..nul]);
                if (nul < 0) return;
                bytes = bytes[nul..];
            }
            _held.Add(bytes[0]);
            bytes = bytes[1..];
            bool starts = _held.Count <= _start.Length ? _start.AsSpan(0, _held.Count).SequenceEqual(Held) : _held.Count < Longest;
            if (!starts)
            {
                // Not the mark after all. The byte just taken may itself begin one.
                bool again = _held[^1] == 0;
                if (again) _held.RemoveAt(_held.Count - 1);
                Release(output);
                if (again) _held.Add(0);
            }
            else if (_held.Count > _start.Length && _held[^1] == 0)
            {
                string said = Encoding.UTF8.GetString(Held[_start.Length..^1]);
                int space = said.IndexOf(' ', StringComparison.Ordinal);
                if (space > 0 && int.TryParse(said.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out int code))
                    Found = (code, said[(space + 1)..]);
                else Release(output);
            }
        }
    }

    /// <summary>The stream has ended: what was held back as the possible start of a mark is output.</summary>
    public void End(CommandOutput output)
    {
        if (Found is null) Release(output);
    }

    ReadOnlySpan<byte> Held => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_held);

    void Release(CommandOutput output)
    {
        output.Append(Held);
        _held.Clear();
    }
}
