// What Edit and Write change of a file, and what they leave.

using System.Runtime.Versioning;
using System.Text;
using System.Text.Json.Nodes;

namespace Baltoro.Agent.Tests.Tools;

public class EditTests
{
    static JsonObject Change(string file, string old, string now) => new() { ["file_path"] = file, ["old_string"] = old, ["new_string"] = now };

    static JsonObject Whole(string file, string content) => new() { ["file_path"] = file, ["content"] = content };

    static JsonObject Named(string file) => new() { ["file_path"] = file };

    [Fact]
    public async Task One_exact_place_is_replaced()
    {
        await using Desk desk = new();
        desk.File("a.cs", "int a;\nint b;\n");
        await desk.Ok("Read", Named("a.cs"));
        Assert.Equal("Edited a.cs at line 2.", await desk.Ok("Edit", Change("a.cs", "int b;", "long b;")));
        Assert.Equal("int a;\nlong b;\n", desk.Content("a.cs"));
    }

    [Fact]
    public async Task What_was_not_read_is_not_changed()
    {
        await using Desk desk = new();
        desk.File("a.txt", "one");
        Assert.Equal("a.txt: you have not read it. Read it before you edit it.", await desk.Error("Edit", Change("a.txt", "one", "two")));
        Assert.Equal("a.txt: it exists and you have not read it. Read it before you overwrite it.", await desk.Error("Write", Whole("a.txt", "two")));
        Assert.Equal("one", desk.Content("a.txt"));
    }

    [Fact]
    public async Task A_file_that_changed_since_is_not_overwritten_but_a_unique_place_in_it_may_be_edited()
    {
        await using Desk desk = new();
        string path = desk.File("a.txt", "one\ntwo\n");
        await desk.Ok("Read", Named("a.txt"));
        File.WriteAllText(path, "zero\none\ntwo\n");
        Assert.Equal("a.txt: it has changed since you read it. Read it again before you overwrite it.", await desk.Error("Write", Whole("a.txt", "")));
        Assert.Equal("Edited a.txt at line 3. The file had changed elsewhere since you read it.", await desk.Ok("Edit", Change("a.txt", "two", "2")));
        Assert.Equal("zero\none\n2\n", desk.Content("a.txt"));
    }

    [Fact]
    public async Task Two_places_need_replace_all()
    {
        await using Desk desk = new();
        desk.File("a.txt", "x\ny\nx\n");
        await desk.Ok("Read", Named("a.txt"));
        Assert.Equal("a.txt: old_string stands there 2 times (lines 1, 3). Take in more of its neighbourhood, or set replace_all.", await desk.Error("Edit", Change("a.txt", "x", "z")));
        JsonObject all = Change("a.txt", "x", "z");
        all["replace_all"] = true;
        Assert.Equal("Edited a.txt at 2 places.", await desk.Ok("Edit", all));
        Assert.Equal("z\ny\nz\n", desk.Content("a.txt"));
    }

    [Theory]
    [InlineData("    one", "a.txt: old_string is not there exactly; lines 1 to 1 differ from it in white space only. Copy them as they are.")]
    [InlineData("     1\tone", "a.txt: old_string is not there. It begins its lines with the numbers that Read shows; leave these out.")]
    [InlineData("\tone\nthree", "a.txt: old_string is not there. It fits at line 1 but not from line 2, which is: two")]
    [InlineData("nothing like it", "a.txt: old_string is not there, nor a line like its first. Read the file again.")]
    public async Task A_place_that_is_not_there_is_refused_with_the_reason(string old, string why)
    {
        await using Desk desk = new();
        desk.File("a.txt", "\tone\ntwo\n");
        await desk.Ok("Read", Named("a.txt"));
        Assert.Equal(why, await desk.Error("Edit", Change("a.txt", old, "x")));
    }

    [Fact]
    public async Task Line_ends_mark_encoding_and_the_missing_last_line_end_stay()
    {
        await using Desk desk = new();
        desk.File("dos.txt", "one\r\ntwo\r\nthree");
        desk.File("mark.txt", [0xEF, 0xBB, 0xBF, .. "one\n"u8]);
        desk.File("wide.txt", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("one\r\n")]);
        desk.File("latin.txt", Encoding.Latin1.GetBytes("Käse one\n"));
        foreach (string file in (string[])["dos.txt", "mark.txt", "wide.txt", "latin.txt"])
        {
            await desk.Ok("Read", Named(file));
            await desk.Ok("Edit", Change(file, "one", "eins\nzwei"));
        }
        Assert.Equal("eins\r\nzwei\r\ntwo\r\nthree"u8.ToArray(), desk.Bytes("dos.txt"));
        Assert.Equal([0xEF, 0xBB, 0xBF, .. "eins\nzwei\n"u8], desk.Bytes("mark.txt"));
        Assert.Equal([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("eins\r\nzwei\r\n")], desk.Bytes("wide.txt"));
        Assert.Equal(Encoding.Latin1.GetBytes("Käse eins\nzwei\n"), desk.Bytes("latin.txt"));
    }

    [Fact]
    public async Task What_the_encoding_cannot_hold_is_refused_and_nothing_changes()
    {
        await using Desk desk = new();
        byte[] before = Encoding.Latin1.GetBytes("Käse\n");
        desk.File("a.txt", before);
        await desk.Ok("Read", Named("a.txt"));
        Assert.Equal("a.txt: it is kept in Windows-1252, which has no character U+2192. Use other characters, or convert the file first (iconv in Bash).", await desk.Error("Edit", Change("a.txt", "se", "→")));
        Assert.Equal(before, desk.Bytes("a.txt"));
    }

    [Fact, UnsupportedOSPlatform("windows")]
    public async Task The_mode_stays_and_a_link_stays_a_link()
    {
        await using Desk desk = new();
        string path = desk.File("run.sh", "echo one\n");
        UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead;
        File.SetUnixFileMode(path, mode);
        File.CreateSymbolicLink(desk.Path("link.sh"), "run.sh");
        await desk.Ok("Read", Named("link.sh"));
        await desk.Ok("Edit", Change("link.sh", "one", "two"));
        Assert.Equal("echo two\n", desk.Content("run.sh"));
        Assert.Equal(mode, File.GetUnixFileMode(path));
        Assert.Equal("run.sh", new FileInfo(desk.Path("link.sh")).LinkTarget);
        Assert.Equal(["link.sh", "run.sh"], Directory.GetFiles(desk.Project).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_new_file_is_written_with_its_folders_and_may_be_edited_at_once()
    {
        await using Desk desk = new();
        Assert.Equal("Created deep/er/a.txt: 2 lines.", await desk.Ok("Write", Whole("deep/er/a.txt", "one\ntwo\n")));
        await desk.Ok("Edit", Change("deep/er/a.txt", "one", "1"));
        Assert.Equal("1\ntwo\n", desk.Content("deep/er/a.txt"));
        Assert.Equal("b.txt: There is no such file. Write makes a new one.", await desk.Error("Edit", Change("b.txt", "one", "1")));
    }

    [Fact]
    public async Task Overwriting_keeps_the_line_ends_of_the_file()
    {
        await using Desk desk = new();
        desk.File("a.txt", "one\r\ntwo\r\n");
        await desk.Ok("Read", Named("a.txt"));
        Assert.Equal("Overwrote a.txt: 1 line.", await desk.Ok("Write", Whole("a.txt", "three\n")));
        Assert.Equal("three\r\n"u8.ToArray(), desk.Bytes("a.txt"));
    }

    [Fact]
    public async Task What_cannot_be_written_is_an_error_and_the_file_is_as_it_was()
    {
        await using Desk desk = new();
        desk.File("a", "file");
        Assert.StartsWith("a/b.txt: it could not be written, and is as it was: ", await desk.Error("Write", Whole("a/b.txt", "x")));
        Assert.Equal("file", desk.Content("a"));
    }

    [Fact]
    public async Task Why_a_file_could_not_be_written_is_said_without_the_ways_of_the_system()
    {
        await using Desk desk = new();
        string name = new('x', 300);
        Assert.Equal($"{name}: it could not be written, and is as it was: its name is too long.", await desk.Error("Write", Whole(name, "x")));
    }
}
