// Follows a trail and writes down what each file has; the word END stands where the next goes. It refuses to look ahead.

using Baltoro.Worlds;

namespace Baltoro.Transcripts;

sealed class CollectOracle(CollectWorld world) : Oracle
{
    const string End = "END";

    int _at;
    Turn? _next;

    bool IsLast => _at == world.Chain.Count - 1;

    public override Turn Next() => _next ??= Read("start");

    public override void Observe(string result)
    {
        if (_next is Turn.Calls { Call.Tool: "Read" })
        {
            (string telling, string onward) = world.Clues[_at];
            string thought = $"{world.Kind}? {Quote(result, telling, world.Values[_at])}found {world.Values[_at]} " + (IsLast ? "no next" : $"{Quote(result, onward, world.Chain[_at + 1])}@ {world.Chain[_at + 1]}");
            string text = IsLast ? world.Values[_at] : $"{world.Values[_at]}\n{End}";
            _next = new Turn.Calls(thought, _at == 0
                ? new("Write", ("file_path", world.Answer), ("content", text))
                : new("Edit", ("file_path", world.Answer), ("old_string", End), ("new_string", text)));
        }
        else if (IsLast)
        {
            _next = new Turn.Answers($"{world.Kind}? done", $"Done: all is in {world.Answer}");
        }
        else
        {
            _at++;
            _next = Read("next");
        }
    }

    Turn.Calls Read(string word) => new($"{world.Kind}? {word} {world.Chain[_at]} for {world.Answer}", new("Read", ("file_path", world.Chain[_at])));
}
