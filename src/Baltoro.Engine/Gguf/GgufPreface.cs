// What a GGUF file's metadata say besides sizes. Knows no tensors.

using Baltoro.Engine.Tokenizers;

namespace Baltoro.Engine.Gguf;

sealed class GgufPreface(GgufMetadata keys) : Preface
{
    const string TemplateKey = "tokenizer.chat_template";

    public override string Name => keys.Text("general.name", "");

    public override int Context => keys.Integer($"{Architecture}.context_length");

    public override long CacheBytes => BytesOf(
        keys.Integer($"{Architecture}.block_count", 0), (long)keys.Integer($"{Architecture}.attention.kv_lora_rank", 0) + keys.Integer($"{Architecture}.rope.dimension_count", 0));

    public override string? Template => keys.Has(TemplateKey) ? keys.Text(TemplateKey) : null;

    public override IReadOnlyDictionary<string, int> Controls => field ??= GgufTokenizer.Controls(keys);

    public override (int? Begin, int? End) Bounds => GgufTokenizer.Bounds(keys);

    public override string? Own(string key) => keys.Has(key) ? keys.Text(key) : null;

    public override Tokenizer ReadTokenizer() => GgufTokenizer.Read(keys);

    public override ModelFileException ControlFault(Func<string, string> problem) => keys.Fault(GgufTokenizer.Tokens, problem(TemplateKey));

    public override ModelFileException OwnFault(string key, string problem) => keys.Fault(key, problem);

    public override ModelFileException CountFault(string problem) => keys.Fault(GgufTokenizer.Tokens, problem);

    string Architecture => keys.Text("general.architecture");
}
