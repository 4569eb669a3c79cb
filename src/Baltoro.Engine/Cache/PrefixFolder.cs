// Beginnings of texts on disk, for models that are opened later. Knows no sessions and no arithmetic.

using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Baltoro.Engine.Cache;

/// <summary>
/// <para>A text is cut into parts of <see cref="Part"/> tokens, each a file with the name of a hash over the model and all tokens up to the part's end. So texts that begin alike
/// share files, a text that grows adds some, and a file can be taken for no other text's. Several processes may use a folder.</para>
/// <para>Files are written by a thread of its own, which ends with <see cref="Dispose"/>, when all that waits is written. Safe from any thread.</para>
/// </summary>
sealed class PrefixFolder : IDisposable
{
    public const int PartPages = 8, Part = PartPages * PagePool.Positions;

    const string Ending = ".prefix";
    const int NameLetters = 64;
    static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    readonly KeptPrefixes _options;
    readonly PagePool _pool;
    readonly byte[] _root;
    readonly ConcurrentDictionary<string, bool> _damaged = new(StringComparer.Ordinal), _waitingPaths = new(StringComparer.Ordinal);
    readonly BlockingCollection<Waiting> _waiting = [];
    readonly Thread _writer;
    long _room;
    volatile bool _hasStopped;

    /// <param name="model">32 bytes: of the model and of how its cache is kept.</param>
    public PrefixFolder(KeptPrefixes options, PagePool pool, byte[] model)
    {
        (_options, _pool) = (options, pool);
        _root = SHA256.HashData([.. PrefixFile.Format, .. model]);
        _writer = new(Work) { IsBackground = true, Name = "engine prefixes" };
        _writer.Start();
    }

    sealed record Waiting(string Path, byte[] Name, int[] Pages, DateTime Used);

    /// <summary>Lets <paramref name="line"/>, which has a beginning of <paramref name="tokens"/> in full pages, go on with what the folder has of them; at least one token is left.</summary>
    /// <returns>Whether there was anything.</returns>
    public bool Extend(Timeline line, ReadOnlySpan<int> tokens)
    {
        DateTime now = _options.Clock.GetUtcNow().UtcDateTime;
        byte[] name = _root;
        bool found = false;
        for (int i = 0; (i + 1) * Part < tokens.Length; i++)
        {
            name = Next(name, tokens.Slice(i * Part, Part));
            if ((i + 1) * Part <= line.Length) continue;
            string path = PathOf(name);
            if (!IsThere(path) || !Read(line, path, name, i, tokens)) break;
            Touch(path, now.AddTicks(-i));
            found = true;
        }
        return found;
    }

    /// <summary>Has those parts of a timeline written that are not there yet; while much waits for the disk, the later ones are left to the next time.</summary>
    public void Keep(Timeline line)
    {
        DateTime now = _options.Clock.GetUtcNow().UtcDateTime;
        byte[] name = _root;
        for (int i = 0; (i + 1) * Part <= line.Length && !_hasStopped; i++)
        {
            name = Next(name, line.Tokens.Slice(i * Part, Part));
            string path = PathOf(name);
            // A part is a little older than the one before it, without which nobody would find it.
            DateTime used = now.AddTicks(-i);
            if (IsThere(path))
            {
                Touch(path, used);
                continue;
            }
            // What waits is memory that no session gets.
            if (_waitingPaths.Count >= Math.Max(1, _pool.Capacity / 4 / PartPages)) return;
            if (!_waitingPaths.TryAdd(path, true)) continue;
            int[] pages = line.Pages.Slice(i * PartPages, PartPages).ToArray();
            foreach (int page in pages) _pool.Hold(page);
            _waiting.Add(new(path, name, pages, used));
        }
    }

    public void Dispose()
    {
        _waiting.CompleteAdding();
        _writer.Join();
        _waiting.Dispose();
    }

    bool Read(Timeline line, string path, byte[] name, int part, ReadOnlySpan<int> tokens)
    {
        int before = line.Length, end = (part + 1) * Part;
        string? problem = null;
        bool isRead = false;
        try
        {
            if (line.MakeRoom(end - before))
            {
                problem = PrefixFile.Read(path, name, line.Pages.Slice(part * PartPages, PartPages), (before - part * Part) / PagePool.Positions, _pool);
                isRead = problem is null;
            }
        }
        // Another process had no room for it any more.
        catch (FileNotFoundException) { }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"cannot be read: {e.Message}";
        }
        if (isRead) line.Append(tokens[before..end]);
        else line.Cut(before);
        // Said once; the next text that has this part writes it anew.
        if (problem is not null && _damaged.TryAdd(path, true)) _options.Told($"{path}: {problem}. It is not used; its tokens are computed again.");
        return isRead;
    }

    void Work()
    {
        foreach (Waiting part in _waiting.GetConsumingEnumerable())
        {
            try
            {
                if (!_hasStopped) Write(part);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Stop(e.Message);
            }
            foreach (int page in part.Pages) _pool.LetGo(page);
            _waitingPaths.TryRemove(part.Path, out _);
        }
    }

    void Write(Waiting part)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(_options.Folder);
        else Directory.CreateDirectory(_options.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        long bytes = PrefixFile.Bytes(part.Pages.Length, _pool);
        if (bytes > _options.Limit)
        {
            Stop($"a part of a text has {bytes} bytes; {_options.Limit} are allowed for all");
            return;
        }
        MakeRoom(bytes);
        PrefixFile.Write(part.Path, part.Name, part.Pages, _pool);
        _room -= bytes;
        _damaged.TryRemove(part.Path, out _);
        Touch(part.Path, part.Used);
    }

    /// <summary>Deletes what was not used for the longest time. Looks at the folder when a sixteenth of the limit was written since the last time, for others write there too.</summary>
    void MakeRoom(long bytes)
    {
        if (_room >= bytes) return;
        long step = Math.Max(bytes, _options.Limit / 16);
        FileInfo[] files = [.. new DirectoryInfo(_options.Folder).EnumerateFiles($"*{Ending}*").Where(IsOurs).OrderBy(file => file.LastWriteTimeUtc)];
        long total = files.Sum(Size);
        foreach (FileInfo file in files)
        {
            if (total <= _options.Limit - step) break;
            total -= Size(file);
            file.Delete();
        }
        _room = step;
    }

    static long Size(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        // Another process deleted it since.
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    void Stop(string why)
    {
        _hasStopped = true;
        _options.Told($"{_options.Folder}: no more beginnings of texts are kept: {why}");
    }

    /// <summary>Whatever else lies in the folder stays there; what a process that died left half written does not.</summary>
    static bool IsOurs(FileInfo file) => file.Name.Length >= NameLetters + Ending.Length && !file.Name.AsSpan(0, NameLetters).ContainsAnyExcept(Digits);

    bool IsThere(string path) => File.Exists(path) && !_damaged.ContainsKey(path);

    static void Touch(string path, DateTime used)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, used);
        }
        // Gone, or another user's: then nothing is lost but its place in the order.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }
    }

    static byte[] Next(byte[] name, ReadOnlySpan<int> tokens) => SHA256.HashData([.. name, .. MemoryMarshal.AsBytes(tokens)]);

    string PathOf(byte[] name) => Path.Combine(_options.Folder, $"{Convert.ToHexStringLower(name)}{Ending}");
}
