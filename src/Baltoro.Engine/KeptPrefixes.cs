// What a user can decide about the beginnings of texts that are kept on disk. Knows no file.

namespace Baltoro.Engine;

/// <summary>
/// A folder in which what a model remembers of the beginnings of texts stays for models of the same file that are opened later. The files hold nothing but the model's memory of the texts; from
/// that, and the model, the texts could be guessed.
/// </summary>
/// <param name="Folder">Made when something is written first.</param>
/// <param name="Limit">Bytes that the files may take, for one process that writes; each further one may take a sixteenth more.</param>
/// <param name="Told">Gets a sentence about each file that is not used, and about why no more are written; from any thread.</param>
public sealed record KeptPrefixes(string Folder, long Limit, Action<string> Told)
{
    /// <summary>Says which file was used last.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
