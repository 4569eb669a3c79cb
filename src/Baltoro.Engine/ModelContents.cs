// A list of what stands in a model's files: keys as people read them, and tensors. Knows no architecture.

using System.Globalization;
using System.Text.Json;
using Baltoro.Engine.Checkpoints;
using Baltoro.Engine.Gguf;

namespace Baltoro.Engine;

/// <param name="Facts">Keys and what they hold, in the order of the files, each on one line.</param>
/// <param name="Tensors">All tensors of all parts.</param>
public sealed record ModelContents(IReadOnlyList<(string Key, string Value)> Facts, IReadOnlyList<ModelContents.Tensor> Tensors)
{
    /// <param name="Name">Without anything that a terminal would obey.</param>
    /// <param name="Type">As the file's format calls it.</param>
    /// <param name="Sizes">As the file's format writes them: rows last in GGUF, first in safetensors.</param>
    public sealed record Tensor(string Name, string Type, string Sizes, long Bytes);

    /// <exception cref="ModelFileException">A file is not as its format says.</exception>
    /// <exception cref="IOException">A file cannot be opened.</exception>
    public static ModelContents Read(string path)
    {
        if (ModelPath.Folder(path) is { } folder) return OfCheckpoint(folder);
        using GgufFile file = GgufFile.Open(path);
        return new([.. file.Metadata.Keys.Select(key => (ModelFileException.Printable(key), file.Metadata.Describe(key)))],
            [.. file.Tensors.Values.Select(tensor => new Tensor(ModelFileException.Printable(tensor.Name), $"{tensor.Type}", tensor.Sizes, tensor.Bytes))]);
    }

    static ModelContents OfCheckpoint(string folder)
    {
        using Checkpoint checkpoint = Checkpoint.Open(folder);
        List<(string, string)> facts = [];
        Flatten("", checkpoint.Config, facts);
        foreach (string file in checkpoint.Files) facts.Add((Path.GetFileName(file), string.Create(CultureInfo.InvariantCulture, $"{new FileInfo(file).Length} bytes")));
        return new(facts, [.. checkpoint.Tensors.Values.Select(tensor => new Tensor(ModelFileException.Printable(tensor.Name), tensor.Type, SafetensorsFile.Write(tensor.Sizes), tensor.Bytes))]);
    }

    static void Flatten(string at, JsonElement value, List<(string, string)> into)
    {
        if (value.ValueKind == JsonValueKind.Object)
            foreach (JsonProperty member in value.EnumerateObject()) Flatten(at.Length == 0 ? member.Name : $"{at}.{member.Name}", member.Value, into);
        else into.Add((ModelFileException.Printable(at), value.ValueKind switch
        {
            JsonValueKind.String => GgufMetadata.Quote(System.Text.Encoding.UTF8.GetBytes(value.GetString()!)),
            JsonValueKind.Array => string.Create(CultureInfo.InvariantCulture, $"{value.GetArrayLength()} values"),
            _ => value.GetRawText(),
        }));
    }
}
