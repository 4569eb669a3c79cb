// Puts a line on top of file after file: what is left to do is what Grep still finds. It refuses to keep a list.

using Baltoro.Worlds;

namespace Baltoro.Transcripts;

sealed class HeaderOracle(HeaderWorld world) : Oracle
{
    Turn? _next;
    string _file = "";
    bool _hasEdited;

    public override Turn Next() => _next ??= Find("find");

    public override void Observe(string result)
    {
        _next = _next switch
        {
            Turn.Calls { Call.Tool: "Grep" } when result.StartsWith('[') => _hasEdited
                ? new Turn.Answers("none left", $"Done: all *{world.Extension} files have {world.Header}")
                : new Turn.Answers("none", $"Nothing to do: all *{world.Extension} files have {world.Header}"),
            Turn.Calls { Call.Tool: "Grep" } => Look(_file = result.Split('\n')[0]),
            Turn.Calls { Call.Tool: "Read" } => Put(result.Split('\n')[0].Split('\t')[1]),
            _ => Find("again find"),
        };
        _hasEdited |= _next is Turn.Calls { Call.Tool: "Edit" };
    }

    Turn.Calls Find(string words) => new($"{words} *{world.Extension} without it",
        new("Grep", ("pattern", world.Header), ("glob", $"*{world.Extension}"), ("output_mode", "files_without_match"), ("head_limit", 1)));

    static Turn.Calls Look(string file) => new($"look at {file}", new("Read", ("file_path", file), ("limit", 1)));

    Turn.Calls Put(string first) => new($"put it into {_file} above {first}",
        new("Edit", ("file_path", _file), ("old_string", first), ("new_string", $"{world.Header}\n{first}")));
}
