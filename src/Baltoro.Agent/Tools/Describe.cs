// Puts a tool's prompt (the .md beside its .cs) and its schema into the form that goes to a model. It knows no tool.

using System.Text.Json;
using Baltoro.Agent.Context;
using Baltoro.Chat;

namespace Baltoro.Agent.Tools;

/// <summary>Makes the spec of a tool that is written here.</summary>
static class Describe
{
    /// <param name="name">The tool's name, and that of its embedded prompt.</param>
    /// <param name="schema">JSON, in any layout; goes out without white space.</param>
    public static ToolSpec.Function Tool(string name, string schema)
    {
        using JsonDocument document = JsonDocument.Parse(schema);
        using MemoryStream compact = new();
        using (Utf8JsonWriter writer = new(compact)) document.WriteTo(writer);
        return new(name, Resource.Text($"Tools.{name}.md"), new RawJson(compact.ToArray()));
    }
}
