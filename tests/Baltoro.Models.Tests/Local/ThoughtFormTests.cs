// Forms of thoughts: how they are declared, what they say of the call behind them.

using Baltoro.Chat;
using Baltoro.Models.Local;

namespace Baltoro.Models.Tests.Local;

public class ThoughtFormTests
{
    static readonly ThoughtMatter Matter = new(Said: ["to do", "do"], Asked: ["out.md", "in.md"], Paths: ["a.py", "out.md"], Numbers: ["7"], Lines: ["first", "last"], Result: "1\tfirst\n2\tlast");

    [Theory]
    [InlineData("""{"edit {path:path}: {old:said} to {new:said}": {"Edit": {"file_path": "{path}", "old_string": "{old}", "new_string": ["{new}", "<{new}>"]}}}""", "edit a.py: x to y z\n", "Edit file_path=a.py old_string=x new_string=y z|<y z>")]
    [InlineData("""{"{kind:said}? {value:found word behind kind} for {to:asked}": {"Write": {"content": "{value}\n"}}}""", "key? 12\tthe key is found k for out.md", "Write content=k\n")]
    [InlineData("""{"add it": {"Edit": {"new_string": "{line}\nEND", "file_path": "{asked}"}, "Write": {}}}""", "add it", "Edit new_string=first\nEND|last\nEND file_path=out.md|in.md, Write")]
    [InlineData("""{"add": {"Edit": {"new_string": "{said}"}}, "{}": {}}""", "add", "Edit new_string=to do|do")]
    [InlineData("""{"add": {"Edit": {"new_string": "{said}"}}, "{}": {}}""", "added", "")]
    [InlineData("""{"add": {}, "add {n:number}!": {"Grep": {}}}""", "add 3!", "Grep")]
    [InlineData("""{"add": {}}""", "add it", null)]
    public void The_first_form_that_fits_a_thought_says_what_the_call_behind_it_is(string forms, string thought, string? calls)
    {
        var called = ThoughtForms.Parse(forms).Select(form => form.CallsBehind(thought, Matter)).FirstOrDefault(one => one is not null);
        Assert.Equal(calls, called is null ? null : string.Join(", ", called.Select(call => string.Join(' ', [call.Key, .. call.Value.Select(argument => $"{argument.Key}={string.Join('|', argument.Value)}")]))));
    }

    [Theory]
    [InlineData("x", "no JSON: ")]
    [InlineData("[]", "the whole is Array; an object was expected")]
    [InlineData("""{"a {b:}": {}}""", "")]
    [InlineData("""{"a {b:way}": {}}""", "\"a {b:way}\" has {:way}; said, asked, path, line, number, SIGN path or SIGN word [behind NAME, of a said place] was expected")]
    [InlineData("""{"{a:path} {b:found word behind a}": {}}""", "\"{a:path} {b:found word behind a}\" has {:found word behind a}; said, asked,")]
    [InlineData("""{"{a} {a}": {}}""", "\"{a} {a}\" has {a} twice, or as a name of its own")]
    [InlineData("""{"{line}": {}}""", "\"{line}\" has {line} twice, or as a name of its own")]
    [InlineData("""{"a": {"Edit": []}}""", "a, Edit is Array; an object was expected")]
    [InlineData("""{"a": {"Edit": {"x": 1}}}""", "a, Edit.x is Number; a text or texts were expected")]
    [InlineData("""{"a": {"Edit": {"x": "{b}"}}}""", "a, Edit.x has {b}, which the form does not name")]
    public void A_declaration_that_is_none_is_told_with_its_place(string forms, string problem)
    {
        if (problem.Length == 0) Assert.Single(ThoughtForms.Parse(forms));
        else Assert.StartsWith(problem, Assert.Throws<FormatException>(() => ThoughtForms.Parse(forms)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_declared_is_no_form() => Assert.Empty(ThoughtForms.Parse(""));

    [Fact]
    public void What_can_be_named_is_what_was_said_shown_and_called()
    {
        ThoughtMatter matter = ThoughtMatter.Of(
        [
            new Message.System("see never.md"), new Message.User("Put 3 of a.md into b.md."),
            new Message.Assistant("then c.md at 4", "", [new("i", "Read", """{"file_path":"d.md","limit":1}""")], false), new Message.Result("i", "Read", "1\tsee e.md\n2\t\n[Lines 1 to 2 of 9. Read on with offset 3.]"),
        ]);
        Assert.Equal(["Put", "Put 3", "Put 3 of", "Put 3 of a.md", "Put 3 of a.md into", "Put 3 of a.md into b.md"], matter.Said.Take(6));
        Assert.Equal(["a.md", "b.md"], matter.Asked);
        Assert.Equal(["a.md", "b.md", "c.md", "d.md", "e.md"], matter.Paths);
        Assert.Equal(["3", "4", "1", "2", "9"], matter.Numbers);
        Assert.Equal(["see e.md"], matter.Lines);
    }

    [Theory, InlineData("a.md:3:# x\n[Lines 1 to 1.]", "a.md:3:# x|[Lines 1 to 1.]"), InlineData("a\n1\tb", "a|1\tb"), InlineData("", "")]
    public void Lines_of_a_result_without_numbers_are_as_they_are(string result, string lines) =>
        Assert.Equal(lines, string.Join('|', ThoughtMatter.Of([new Message.Result("i", "Grep", result)]).Lines));
}
