// What Python keeps between calls, and what ends it.

using System.Text.Json.Nodes;

namespace Baltoro.Agent.Tests.Tools;

public class PythonTests
{
    static JsonObject Code(string code, int? timeout = null)
    {
        if (!Baltoro.Agent.Tools.Python.IsHere) Assert.Skip("python3 is not installed.");
        JsonObject arguments = new() { ["code"] = code };
        if (timeout is not null) arguments["timeout"] = timeout;
        return arguments;
    }

    [Fact]
    public async Task Variables_imports_and_functions_stay()
    {
        await using Desk desk = new();
        Assert.Equal("[No output.]", await desk.Ok("Python", Code("import math\nx = 20\ndef twice(n):\n    return 2 * n")));
        Assert.Equal("43", await desk.Ok("Python", Code("x = twice(x) + math.floor(3.5)\nx")));
        Assert.Equal("printed\n'é'", await desk.Ok("Python", Code("print('printed')\n'é'")));
    }

    [Fact]
    public async Task An_exception_is_an_error_with_its_traceback_and_the_state_stays()
    {
        await using Desk desk = new();
        Assert.Equal("""
            Traceback (most recent call last):
              File "<call 1>", line 2, in <module>
                raise ValueError("no")
            ValueError: no
            """, await desk.Error("Python", Code("x = 1\nraise ValueError(\"no\")")));
        Assert.Contains("SyntaxError", await desk.Error("Python", Code("x = = 2")));
        Assert.Equal("[exit(3): the interpreter stays]", await desk.Error("Python", Code("import sys; sys.exit(3)")));
        Assert.Equal("1", await desk.Ok("Python", Code("x")));
    }

    [Fact]
    public async Task A_timeout_ends_the_interpreter_and_the_next_call_has_a_new_one()
    {
        await using Desk desk = new();
        await desk.Ok("Python", Code("x = 1"));
        Assert.Equal("begun\n[Ended after 1 s, and the interpreter with it; its variables are gone. The next call begins anew.]",
            await desk.Error("Python", Code("import time\nprint('begun', flush=True)\ntime.sleep(600)", timeout: 1000)));
        Assert.Contains("NameError: name 'x' is not defined", await desk.Error("Python", Code("x")));
    }

    [Fact]
    public async Task An_interpreter_that_dies_says_so_and_is_replaced()
    {
        await using Desk desk = new();
        Assert.Equal("[The interpreter has ended with exit code 7; its variables are gone. The next call begins anew.]", await desk.Error("Python", Code("import os; os._exit(7)")));
        Assert.Equal("2", await desk.Ok("Python", Code("1 + 1")));
    }

    [Fact]
    public async Task Long_output_is_cut_and_nothing_can_be_typed()
    {
        await using Desk desk = new();
        string said = await desk.Ok("Python", Code("for i in range(100000): print(i)"));
        Assert.InRange(said.Length, 30_000, 31_000);
        Assert.EndsWith("\n99998\n99999", said);
        Assert.Contains("EOFError", await desk.Error("Python", Code("input()")));
        Assert.Equal("''", await desk.Ok("Python", Code("import subprocess; subprocess.run(['cat'], capture_output=True, text=True).stdout")));
    }

    [Fact]
    public async Task It_works_in_the_projects_folder()
    {
        await using Desk desk = new();
        desk.File("data.csv", "1\n2\n3\n");
        Assert.Equal("6", await desk.Ok("Python", Code("sum(int(line) for line in open('data.csv'))")));
    }
}
