// Carries marked lines into a report one by one; the word END stands where the next goes. It refuses to keep a list.

using System.Globalization;
using Baltoro.Worlds;

namespace Baltoro.Transcripts;

sealed class TodosOracle(TodosWorld world) : Oracle
{
    const string End = "END", Onward = "Go on with offset ";

    Turn? _next;
    int? _offset;
    bool _hasReport;

    public override Turn Next() => _next ??= Find($"find {world.Marker}");

    public override void Observe(string result)
    {
        if (_next is Turn.Calls { Call.Tool: "Grep" })
        {
            if (result.StartsWith('['))
            {
                _next = new Turn.Answers("none", $"Nothing to do: no file has {world.Marker}");
                return;
            }
            string[] lines = result.Split('\n');
            _offset = lines.Length == 1 ? null
                : int.Parse(lines[1].AsSpan(lines[1].IndexOf(Onward, StringComparison.Ordinal) + Onward.Length).TrimEnd("]").TrimEnd('.'), CultureInfo.InvariantCulture);
            string then = _offset is { } offset ? $"then offset {offset}" : "no more", text = _offset is null ? lines[0] : $"{lines[0]}\n{End}";
            _next = _hasReport
                ? new Turn.Calls($"add it {then}", new("Edit", ("file_path", world.Report), ("old_string", End), ("new_string", text)))
                : new Turn.Calls($"begin with it {then}", new("Write", ("file_path", world.Report), ("content", text)));
            _hasReport = true;
        }
        else
        {
            _next = _offset is { } offset ? Find($"find {world.Marker} offset {offset}", offset) : new Turn.Answers("done", $"Done: every {world.Marker} is in {world.Report}");
        }
    }

    Turn.Calls Find(string thought, int? offset = null)
    {
        List<(string, object)> arguments = [("pattern", world.Marker), ("glob", $"!{world.Report}"), ("output_mode", "content"), ("head_limit", 1)];
        if (offset is { } at) arguments.Add(("offset", at));
        return new(thought, new("Grep", arguments));
    }
}
