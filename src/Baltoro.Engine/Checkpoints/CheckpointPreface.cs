// What a checkpoint's folder says besides weights: tiktoken.model, tokenizer_config.json, generation_config.json, the chat template. Knows no tensors.
// The files: Moonshot's repositories on Hugging Face, and transformers' tokenization_utils_base.py for their keys.

using System.Globalization;
using System.Text.Json;
using Baltoro.Engine.Network;
using Baltoro.Engine.Tokenizers;

namespace Baltoro.Engine.Checkpoints;

/// <summary>All but the vocabulary is read when it is made. A file or key that is missing or wrong is a <see cref="ModelFileException"/> that names it.</summary>
sealed class CheckpointPreface : Preface
{
    const string AddedTokens = "added_tokens_decoder", TemplateKey = "chat_template", TemplateFile = "chat_template.jinja";

    readonly string _folder, _tokenizerFile;
    readonly Shape _shape;
    readonly int[] _begins, _ends;
    readonly string _templatePlace = "no chat template";
    readonly Dictionary<string, int> _controls = new(StringComparer.Ordinal);

    public CheckpointPreface(string folder, ConfigReader config)
    {
        _folder = folder;
        _shape = config.Read();
        _begins = config.Tokens("bos_token_id", _shape.Vocabulary);
        List<int> ends = [.. config.Tokens("eos_token_id", _shape.Vocabulary)];
        string generation = Path.Combine(folder, "generation_config.json");
        if (File.Exists(generation))
        {
            using JsonDocument document = Checkpoint.Json(generation);
            ends.AddRange(ConfigReader.Tokens(generation, document.RootElement, "eos_token_id", _shape.Vocabulary));
        }
        _ends = [.. ends.Distinct()];
        _tokenizerFile = Path.Combine(folder, "tokenizer_config.json");
        using JsonDocument tokenizer = Checkpoint.Json(_tokenizerFile);
        ReadControls(tokenizer.RootElement);
        if (Path.Combine(folder, TemplateFile) is var written && File.Exists(written)) (Template, _templatePlace) = (File.ReadAllText(written), TemplateFile);
        else if (tokenizer.RootElement.TryGetProperty(TemplateKey, out JsonElement template)) (Template, _templatePlace) = (TemplateOf(template), TemplateKey);
    }

    public static CheckpointPreface Read(string folder)
    {
        string path = Path.Combine(folder, "config.json");
        using JsonDocument config = Checkpoint.Json(path);
        return new(folder, new(path, config.RootElement));
    }

    public override string Name => ModelPath.Name(_folder);

    public override int Context => _shape.Context;

    public override long CacheBytes => BytesOf(_shape.Layers, _shape.CacheRow);

    public override string? Template { get; }

    public override IReadOnlyDictionary<string, int> Controls => _controls;

    public override (int? Begin, int? End) Bounds => (_begins is [var begin, ..] ? begin : null, _ends is [var end, ..] ? end : null);

    public override string? Own(string key) => null;

    /// <summary>Moonshot's kind: ranks, and behind them control tokens up to the vocabulary's size, those without a name reserved (tokenization_kimi.py).</summary>
    public override Tokenizer ReadTokenizer()
    {
        string path = Path.Combine(_folder, "tiktoken.model");
        if (!File.Exists(path))
            throw new ModelFileException(path, 0, $"is missing: the vocabulary of a checkpoint is read from it{(File.Exists(Path.Combine(_folder, "tokenizer.json")) ? ", and not from tokenizer.json" : "")}");
        return TiktokenFile.Read(path, Splitter.Find("kimi-k2")!, ControlNames, _begins is [var begin, ..] ? begin : null, _ends);

        string[] ControlNames(int ranks)
        {
            if (ranks >= _shape.Vocabulary) throw new ModelFileException(path, 0, $"has {ranks} ranks; vocab_size of config.json is {_shape.Vocabulary}, and control tokens come behind the ranks");
            string[] names = [.. Enumerable.Range(ranks, _shape.Vocabulary - ranks).Select(token => string.Create(CultureInfo.InvariantCulture, $"<|reserved_token_{token}|>"))];
            foreach (var (name, token) in _controls)
                names[token - ranks is >= 0 and var at ? at : throw Fault($"{AddedTokens}: {token} (\"{name}\") is a rank of tiktoken.model; {ranks} to {_shape.Vocabulary - 1} was expected")] = name;
            return names;
        }
    }

    public override ModelFileException ControlFault(Func<string, string> problem) => Fault($"{AddedTokens}: {problem(_templatePlace)}");

    public override ModelFileException OwnFault(string key, string problem) => Fault($"{key}: {problem}");

    public override ModelFileException CountFault(string problem) => new(Path.Combine(_folder, "tiktoken.model"), 0, problem);

    void ReadControls(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(AddedTokens, out JsonElement added) || added.ValueKind != JsonValueKind.Object) throw Fault($"{AddedTokens}: an object was expected");
        foreach (JsonProperty token in added.EnumerateObject())
        {
            if (!int.TryParse(token.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int id) || id >= _shape.Vocabulary)
                throw Fault($"{AddedTokens}: \"{token.Name}\": a token's number, 0 to {_shape.Vocabulary - 1}, was expected");
            if (token.Value.ValueKind != JsonValueKind.Object || !token.Value.TryGetProperty("content", out JsonElement content) || content.ValueKind != JsonValueKind.String || content.GetString() is not { Length: > 0 } name)
                throw Fault($"{AddedTokens}.{token.Name}.content: a text was expected");
            if (!_controls.TryAdd(name, id)) throw Fault($"{AddedTokens}.{token.Name}.content: \"{name}\" is the name of token {_controls[name]} too");
        }
    }

    /// <summary>One template, or several with names, of which the one for usual chats counts.</summary>
    string TemplateOf(JsonElement template)
    {
        if (template.ValueKind == JsonValueKind.String) return template.GetString()!;
        if (template.ValueKind == JsonValueKind.Array)
            foreach (JsonElement one in template.EnumerateArray())
                if (one.ValueKind == JsonValueKind.Object && Says(one, "name") == "default" && Says(one, "template") is { } text) return text;
        throw Fault($"{TemplateKey}: a text was expected, or a list with one called \"default\"");

        static string? Says(JsonElement one, string key) => one.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    ModelFileException Fault(string problem) => new(_tokenizerFile, 0, problem);
}
