// The tools of a request as OpenAI's clients declare them, in JSON. Knows no template.

using System.Text;
using System.Text.Json;
using Baltoro.Chat;

namespace Baltoro.Models.Local;

static class ToolDeclarations
{
    /// <summary>The tools that a local model can be told of.</summary>
    public static IEnumerable<ToolSpec.Function> Functions(ChatRequest request) => request.Tools.OfType<ToolSpec.Function>();

    /// <summary>All of them as one array.</summary>
    public static string All(ChatRequest request) => $"[{string.Join(", ", Functions(request).Select(One))}]";

    /// <summary><c>{"type": "function", "function": {"name": …, "description": …, "parameters": …}}</c></summary>
    public static string One(ToolSpec.Function tool)
    {
        StringBuilder text = new("{\"type\": \"function\", \"function\": {\"name\": ");
        PythonJson.Text(tool.Name, text);
        if (tool.Description is { } description)
        {
            text.Append(", \"description\": ");
            PythonJson.Text(description, text);
        }
        text.Append(", \"parameters\": ");
        Schema(tool, text);
        return text.Append("}}").ToString();
    }

    public static void Schema(ToolSpec.Function tool, StringBuilder into)
    {
        using JsonDocument schema = tool.Schema.Parse();
        PythonJson.Write(schema.RootElement, into);
    }
}
