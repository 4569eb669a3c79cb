// What a tool answers.

using Baltoro.Agent.Tools;
using Baltoro.Chat;

namespace Baltoro.Agent.Tests.Tools;

public class ToolOutcomeTests
{
    [Fact]
    public void An_error_is_text_that_the_model_reads() =>
        Assert.Equal(new ToolOutcome([new Block.Text("No such file: a.txt")], IsError: true), ToolOutcome.Error("No such file: a.txt"));
}
