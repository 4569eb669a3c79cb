// Follows a trail without a mistake. It refuses to look ahead: what it does follows from what it was shown.
// A thought says first what is looked for, then in which line it is, quotes that line up to what it finds, and then what stands there: one choice of a number, and the rest is copied.
// A sign that is no word parts the two: behind "next stop" a "next" would go on with "stop".

using Baltoro.Worlds;

namespace Baltoro.Transcripts;

sealed class TrailOracle(TrailWorld world) : Oracle
{
    int _at;
    string _named = "";
    Turn? _next;

    public override Turn Next() => _next ??= Read($"{world.Kind}? start {world.Chain[0]}", world.Chain[0]);

    public override void Observe(string result)
    {
        _next = result switch
        {
            _ when _next is Turn.Calls { Call.Tool: "Write" } => new Turn.Answers($"{world.Kind}? done", $"Done: {world.Value} is in {world.Answer}"),
            _ when Hint(result) is { } there => Read($"{world.Kind}? no {_named} but {there}", there),
            _ when result.StartsWith(Folder.Missing(_named), StringComparison.Ordinal) => new Turn.Answers($"{world.Kind}? no {_named}", $"Stopped: there is no {_named}"),
            _ when ++_at < world.Chain.Count => Read($"{world.Kind}? {Quote(result, world.Clues[_at - 1], world.Chain[_at])}@ {world.Chain[_at]}", world.Chain[_at]),
            _ => new Turn.Calls($"{world.Kind}? {Quote(result, world.Clues[^1], world.Value)}found {world.Value} for {world.Answer}", new("Write", ("file_path", world.Answer), ("content", world.Value))),
        };
    }

    string? Hint(string result)
    {
        string begin = $"{Folder.Missing(_named)} There is ";
        return result.StartsWith(begin, StringComparison.Ordinal) ? result[begin.Length..].TrimEnd('.') : null;
    }

    Turn.Calls Read(string thought, string path)
    {
        _named = path;
        return new(thought, new("Read", ("file_path", path)));
    }
}
