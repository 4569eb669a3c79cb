// Keeps the beginning and the end of what a command says, and all of it in a file. It does not know what was run.

using System.Globalization;
using System.Text;

namespace Baltoro.Agent.Tools;

/// <summary>The output of one command, bounded in memory and on disk. Safe from any thread.</summary>
/// <param name="file">Where all of it goes once it is too long to show; made when needed. Absolute.</param>
/// <param name="shown">The file's path as the model may use it.</param>
sealed class CommandOutput(string file, string shown) : IDisposable
{
    /// <summary>Bytes of the beginning that are shown, and of the end.</summary>
    public const int Half = 15_000;

    /// <summary>Bytes of the file; what a command says beyond them is counted and lost.</summary>
    public const long FileLimit = 64 << 20;

    readonly Lock _lock = new();
    readonly MemoryStream _head = new();
    readonly byte[] _tail = new byte[Half];
    long _tailLength;
    FileStream? _all;
    long _saved;

    /// <summary>Bytes since the last <see cref="Take"/>.</summary>
    long Length => _head.Length + _tailLength;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            int toHead = (int)Math.Min(bytes.Length, Half - _head.Length);
            _head.Write(bytes[..toHead]);
            if (toHead == bytes.Length) return;
            if (_all is null)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                _all = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read);
                Save(_head.GetBuffer().AsSpan(0, (int)_head.Length));
            }
            ReadOnlySpan<byte> rest = bytes[toHead..];
            Save(rest);
            // A ring: only the last Half bytes matter.
            ReadOnlySpan<byte> kept = rest[Math.Max(0, rest.Length - Half)..];
            _tailLength += rest.Length - kept.Length;
            int at = (int)(_tailLength % Half), first = Math.Min(kept.Length, Half - at);
            kept[..first].CopyTo(_tail.AsSpan(at));
            kept[first..].CopyTo(_tail);
            _tailLength += kept.Length;
        }
    }

    /// <summary>What was said since the last time, without the escapes that colour a terminal; then begins anew.</summary>
    public string Take()
    {
        lock (_lock)
        {
            _all?.Flush();
            ReadOnlySpan<byte> head = _head.GetBuffer().AsSpan(0, (int)_head.Length);
            string text;
            if (_tailLength <= Half)
            {
                text = Encoding.UTF8.GetString([.. head, .. _tail.AsSpan(0, (int)_tailLength)]);
            }
            else
            {
                int at = (int)(_tailLength % Half);
                byte[] tail = [.. _tail.AsSpan(at), .. _tail.AsSpan(0, at)];
                string end = Encoding.UTF8.GetString(tail.AsSpan(CharacterStart(tail)));
                string where = _saved < FileLimit ? $"all of it is in {shown}" : $"its first {FileLimit >> 20} MB are in {shown}";
                text = Encoding.UTF8.GetString(head)
                    + string.Create(CultureInfo.InvariantCulture, $"\n[… {_tailLength - Half:N0} of {Length:N0} bytes left out; {where} …]\n") + end;
            }
            _head.SetLength(0);
            _tailLength = 0;
            _all?.Dispose();
            _all = null;
            return TerminalText.Plain(text);
        }
    }

    public void Dispose()
    {
        lock (_lock) _all?.Dispose();
    }

    void Save(ReadOnlySpan<byte> bytes)
    {
        int fits = (int)Math.Min(bytes.Length, FileLimit - _saved);
        _all!.Write(bytes[..fits]);
        _saved += fits;
    }

    /// <summary>The first byte that does not continue a UTF-8 character.</summary>
    static int CharacterStart(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (at < 4 && at < bytes.Length && (bytes[at] & 0xC0) == 0x80) at++;
        return at;
    }
}
