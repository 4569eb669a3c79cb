// Renames file by file: what is left to do is what Grep still finds. It refuses to keep a list.

using Baltoro.Worlds;

namespace Baltoro.Transcripts;

sealed class RenameOracle(RenameWorld world) : Oracle
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
                ? new Turn.Answers("none left", $"Done: {world.Old} is now {world.New}")
                : new Turn.Answers("none", $"Nothing to do: no file has {world.Old}"),
            Turn.Calls { Call.Tool: "Grep" } => Look(_file = result.Split('\n')[0]),
            Turn.Calls { Call.Tool: "Read" } => new Turn.Calls($"edit {_file}: {world.Old} to {world.New}",
                new("Edit", ("file_path", _file), ("old_string", world.Old), ("new_string", world.New), ("replace_all", true))),
            _ => Find("again find"),
        };
        _hasEdited |= _next is Turn.Calls { Call.Tool: "Edit" };
    }

    Turn.Calls Find(string words) => new($"{words} {world.Old} for {world.New}", new("Grep", ("pattern", world.Old), ("head_limit", 1)));

    static Turn.Calls Look(string file) => new($"look at {file}", new("Read", ("file_path", file), ("limit", 1)));
}
