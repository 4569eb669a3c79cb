// Model files of this machine as targets: what a file says of itself, and the user's words over it. Knows no weights.

using System.Collections.Concurrent;
using Baltoro.Chat;
using Baltoro.Engine;
using Baltoro.Models.Local;

namespace Baltoro.Models;

static class LocalFiles
{
    static readonly ConcurrentDictionary<(string Path, DateTime Written), LocalFile> Seen = new();

    /// <summary>A file that cannot be run is a target with a problem: whoever asks for it is told.</summary>
    public static Target At(string id, Place place)
    {
        string path = ModelPath.Full(place.Model);
        Origin origin = new(Upstream.Local.Name, Upstream.Local.Endpoint, ModelPath.Name(path));
        // A file is looked into once, until it changes: names are looked up with every request.
        return Seen.GetOrAdd((path, ModelPath.Written(path)), key => LocalFile.Look(key.Path)) switch
        {
            LocalFile.Readable file => new(LocalFile.Card(id, origin, file, place.Facts.Window, place.Facts.OutputLimit), Upstream.Local) { File = path },
            LocalFile.Unreadable { Problem: var problem } => new(new() { Id = id, Origin = origin, Dialect = Dialect.Plain, Prices = new(0, 0) }, Upstream.Local) { File = path, Problem = problem },
            var unknown => throw new InvalidOperationException($"Unknown outcome {unknown}."),
        };
    }
}
