// What Read shows of files of every kind.

using System.Diagnostics;
using System.Text;
using Baltoro.Agent.Tools;
using Baltoro.Chat;

namespace Baltoro.Agent.Tests.Tools;

public class ReadTests
{
    [Fact]
    public async Task A_file_comes_as_numbered_lines()
    {
        await using Desk desk = new();
        desk.File("a.txt", "one\ntwo\nthree");
        Assert.Equal("1\tone\n2\ttwo\n3\tthree", await desk.Ok("Read", new() { ["file_path"] = "a.txt" }));
    }

    [Fact]
    public async Task A_page_says_where_to_read_on_and_the_last_one_says_that_it_is_the_last()
    {
        await using Desk desk = new();
        desk.File("a.txt", "one\ntwo\nthree\nfour\n");
        Assert.Equal("2\ttwo\n3\tthree\n[Lines 2 to 3 of 4. Read on with offset 4.]", await desk.Ok("Read", new() { ["file_path"] = "a.txt", ["offset"] = 2, ["limit"] = 2 }));
        Assert.Equal("4\tfour\n[End of the file.]", await desk.Ok("Read", new() { ["file_path"] = "a.txt", ["offset"] = 4 }));
    }

    [Fact]
    public async Task An_offset_past_the_end_is_an_error_that_says_how_long_the_file_is()
    {
        await using Desk desk = new();
        desk.File("a.txt", "one\n");
        Assert.Equal("a.txt: it has 1 line, so there is no line 2.", await desk.Error("Read", new() { ["file_path"] = "a.txt", ["offset"] = 2 }));
    }

    [Fact]
    public async Task A_long_line_is_cut_and_its_rest_counted()
    {
        await using Desk desk = new();
        desk.File("a.txt", new string('x', 2500) + "\nend\n");
        Assert.Equal($"1\t{new string('x', 2000)} [… 500 characters more]\n2\tend", await desk.Ok("Read", new() { ["file_path"] = "a.txt" }));
    }

    [Theory]
    [InlineData("utf-8", true), InlineData("utf-16", true), InlineData("utf-16BE", true), InlineData("latin1", false)]
    public async Task Text_is_read_in_its_own_encoding(string name, bool mark)
    {
        await using Desk desk = new();
        Encoding encoding = Encoding.GetEncoding(name);
        desk.File("a.txt", [.. mark ? encoding.GetPreamble() : [], .. encoding.GetBytes("Käse\r\nBrot\r\n")]);
        Assert.Equal("1\tKäse\n2\tBrot", await desk.Ok("Read", new() { ["file_path"] = "a.txt" }));
    }

    [Fact]
    public async Task A_page_never_outgrows_what_the_loop_leaves_in_front_of_the_model()
    {
        await using Desk desk = new();
        desk.File("a.txt", string.Concat(Enumerable.Repeat(new string('x', 999) + "\n", 200)));
        string page = await desk.Ok("Read", new() { ["file_path"] = "a.txt" });
        Assert.InRange(page.Length, 40_000, 50_000);
        Assert.EndsWith("[Lines 1 to 44 of 200. Read on with offset 45.]", page);
    }

    [Fact]
    public async Task A_huge_file_is_read_as_far_as_needed()
    {
        await using Desk desk = new();
        using (FileStream file = System.IO.File.Create(desk.Path("a.txt")))
        {
            byte[] line = Encoding.UTF8.GetBytes(new string('x', 9_999) + "\n");
            for (int i = 0; i < 2_000; i++) file.Write(line);
        }
        Assert.Equal($"1500\t{new string('x', 2000)} [… 7999 characters more]\n[Lines 1500 to 1500. Read on with offset 1501.]",
            await desk.Ok("Read", new() { ["file_path"] = "a.txt", ["offset"] = 1500, ["limit"] = 1 }));
    }

    [Fact]
    public async Task An_image_comes_as_an_image()
    {
        await using Desk desk = new();
        byte[] png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 1, 2];
        desk.File("a.png", png);
        Assert.Equal(new ToolOutcome([new Block.Image(new Media.Inline("image/png", Convert.ToBase64String(png)))]), await desk.Call("Read", new() { ["file_path"] = "a.png" }));
    }

    [Fact]
    public async Task What_is_no_text_is_named_and_not_shown()
    {
        await using Desk desk = new();
        desk.File("a.bin", [1, 0, 2]);
        desk.File("a.pdf", "%PDF-1.7\n\0"u8.ToArray());
        Assert.Equal("a.bin: a binary file of 3 bytes, which cannot be shown as text.", await desk.Error("Read", new() { ["file_path"] = "a.bin" }));
        Assert.Equal("a.pdf: a PDF (pdftotext in Bash shows its text) of 10 bytes, which cannot be shown as text.", await desk.Error("Read", new() { ["file_path"] = "a.pdf" }));
        Assert.Equal("/dev/zero: It is a device, not a file.", await desk.Error("Read", new() { ["file_path"] = "/dev/zero" }));
        Assert.Equal(".: It is a folder, not a file. Glob lists the files in it.", await desk.Error("Read", new() { ["file_path"] = desk.Project }));
    }

    [Fact]
    public async Task A_pipe_in_a_repository_does_not_make_the_agent_wait()
    {
        await using Desk desk = new();
        using (Process fifo = Process.Start("mkfifo", [desk.Path("pipe")])) await fifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("pipe: It is a pipe or a socket, not a file.", await desk.Error("Read", new() { ["file_path"] = "pipe" }));
    }

    [Fact]
    public async Task A_missing_file_is_an_error_that_names_its_neighbours()
    {
        await using Desk desk = new();
        desk.File("Readme.md", "x");
        Assert.Equal("README.txt: There is no such file. There is Readme.md.", await desk.Error("Read", new() { ["file_path"] = "README.txt" }));
        Assert.Equal("no/a.txt: There is no such file. Its folder no does not exist either.", await desk.Error("Read", new() { ["file_path"] = "no/a.txt" }));
    }

    [Fact]
    public async Task An_empty_file_is_said_to_be_empty()
    {
        await using Desk desk = new();
        desk.File("a.txt", "");
        Assert.Equal("[a.txt is empty.]", await desk.Ok("Read", new() { ["file_path"] = "a.txt" }));
    }
}
