// The model's own list of what is to be done. It keeps nothing: the list is read off the call wherever it is needed (Context/Todo.cs).

using System.Text.Json;
using Baltoro.Agent.Context;
using Baltoro.Chat;

namespace Baltoro.Agent.Tools;

/// <summary>The tool <c>TodoWrite</c>: each call replaces the list.</summary>
sealed class TodoWrite : ITool
{
    public ToolSpec.Function Spec { get; } = Describe.Tool(Todo.Tool, """
        {"type":"object","properties":{
          "todos":{"type":"array","description":"The whole list; it replaces the old one.","items":{"type":"object","properties":{
            "content":{"type":"string","description":"What is to be done: Run the tests."},
            "status":{"type":"string","enum":["pending","in_progress","completed"]},
            "activeForm":{"type":"string","description":"The same while it is being done: Running the tests."}
          },"required":["content","status"],"additionalProperties":false}}
        },"required":["todos"],"additionalProperties":false}
        """);

    public Footprint Footprint(JsonElement arguments) => new Footprint.Nothing();

    public Task<ToolOutcome> Run(JsonElement arguments, CancellationToken cancellation)
    {
        Sequence<Todo> list = Todo.Read(arguments.GetRawText()) ?? [];
        int open = list.Count(item => item.IsOpen);
        return Task.FromResult(ToolOutcome.Text(open == 0 ? "The list is kept; nothing on it is open." : $"The list is kept; {open} of {list.Count} open."));
    }
}
