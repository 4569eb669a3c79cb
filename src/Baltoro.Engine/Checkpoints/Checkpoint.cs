// A model as its makers publish it: a folder with config.json and safetensors files, in one or in parts. Knows no layers and no arithmetic.

using System.Security.Cryptography;
using System.Text.Json;
using Baltoro.Engine.Gguf;

namespace Baltoro.Engine.Checkpoints;

/// <summary>An open checkpoint. Its tensors are views into the mapped files and end with <see cref="Dispose"/>.</summary>
sealed unsafe class Checkpoint : IDisposable
{
    /// <summary>Far above any configuration or index that is in use.</summary>
    const long LongestJson = 64 << 20;

    readonly List<MappedFile> _files = [];
    readonly Dictionary<string, SafeTensor> _tensors = new(StringComparer.Ordinal);
    readonly JsonDocument _config;

    Checkpoint(string folder)
    {
        Folder = folder;
        ConfigPath = Path.Combine(folder, "config.json");
        _config = Json(ConfigPath);
    }

    public string Folder { get; }

    public string ConfigPath { get; }

    /// <summary>What config.json says.</summary>
    public JsonElement Config => _config.RootElement;

    public IEnumerable<string> Files => _files.Select(file => file.Path);

    public IReadOnlyDictionary<string, SafeTensor> Tensors => _tensors;

    /// <exception cref="ModelFileException">A file is not as its format says, or names what is not there.</exception>
    /// <exception cref="IOException">A file cannot be opened.</exception>
    public static Checkpoint Open(string folder)
    {
        Checkpoint opened = new(folder);
        try
        {
            opened.AddFiles();
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <exception cref="ModelFileException">There is none.</exception>
    public SafeTensor Tensor(string name) => _tensors.TryGetValue(name, out SafeTensor? tensor) ? tensor : throw new ModelFileException(Folder, 0, $"{name}: the tensor is missing");

    /// <summary>A hash over the configuration and each file's header.</summary>
    public byte[] Sample()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Config.GetRawText()));
        foreach (MappedFile file in _files)
        {
            int some = (int)Math.Min(file.Length, 1 << 20);
            hash.AppendData(BitConverter.GetBytes(file.Length));
            hash.AppendData(new ReadOnlySpan<byte>(file.Start, some));
            hash.AppendData(new ReadOnlySpan<byte>(file.Start + file.Length - some, some));
        }
        return hash.GetHashAndReset();
    }

    void AddFiles()
    {
        string index = Path.Combine(Folder, "model.safetensors.index.json");
        if (!File.Exists(index))
        {
            Add("model.safetensors");
            return;
        }
        using JsonDocument document = Json(index);
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("weight_map", out JsonElement map) || map.ValueKind != JsonValueKind.Object)
            throw new ModelFileException(index, 0, "weight_map: an object was expected");
        Dictionary<string, string> homes = new(StringComparer.Ordinal);
        foreach (JsonProperty tensor in map.EnumerateObject())
            homes[tensor.Name] = tensor.Value.ValueKind == JsonValueKind.String && tensor.Value.GetString() is { } file && IsPlain(file) ? file
                : throw new ModelFileException(index, 0, $"{tensor.Name}: the name of a safetensors file beside the index was expected");
        foreach (string file in homes.Values.Distinct().Order(StringComparer.Ordinal)) Add(file);
        foreach (var (name, file) in homes)
            if (!_tensors.TryGetValue(name, out SafeTensor? tensor) || Path.GetFileName(tensor.File) != file) throw new ModelFileException(index, 0, $"{name}: is not in {file}");
    }

    /// <summary>A name that leads nowhere else.</summary>
    static bool IsPlain(string file) => file.EndsWith(".safetensors", StringComparison.Ordinal) && !file.Contains('/', StringComparison.Ordinal) && !file.Contains('\\', StringComparison.Ordinal) && !file.Contains('\0', StringComparison.Ordinal);

    void Add(string name)
    {
        MappedFile file = new(Path.Combine(Folder, name));
        _files.Add(file);
        foreach (SafeTensor tensor in SafetensorsFile.Read(file.Path, file.Start, file.Length).Values)
            if (!_tensors.TryAdd(tensor.Name, tensor)) throw tensor.Fault("stands in two files of the model");
    }

    /// <exception cref="ModelFileException">It is no JSON, or longer than any configuration.</exception>
    public static JsonDocument Json(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read);
        if (file.Length > LongestJson) throw new ModelFileException(path, 0, $"has {file.Length} bytes; at most {LongestJson} was expected");
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        ReadOnlyMemory<byte> text = bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsMemory(3) : bytes;
        Utf8JsonReader reader = new(text.Span);
        try
        {
            // Texts are looked at here, so that none of them fails when it is asked for.
            while (reader.Read())
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) _ = reader.GetString();
            return JsonDocument.Parse(text);
        }
        catch (JsonException e)
        {
            throw new ModelFileException(path, reader.BytesConsumed, $"line {e.LineNumber + 1}: is no JSON");
        }
        catch (InvalidOperationException)
        {
            throw new ModelFileException(path, reader.TokenStartIndex, "a text is no Unicode");
        }
    }

    public void Dispose()
    {
        _files.ForEach(file => file.Dispose());
        _config.Dispose();
    }
}
