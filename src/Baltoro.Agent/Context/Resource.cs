// The prompts that lie beside the code, as text; it refuses to know what they say.

namespace Baltoro.Agent.Context;

static class Resource
{
    /// <param name="name">Folder and file below the project, with dots between them.</param>
    public static string Text(string name)
    {
        using Stream stream = typeof(Resource).Assembly.GetManifestResourceStream($"Baltoro.Agent.{name}")
            ?? throw new InvalidOperationException($"The resource {name} is not in the assembly.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd().Trim();
    }
}
