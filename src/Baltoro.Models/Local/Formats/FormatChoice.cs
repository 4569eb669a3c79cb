// Which format a model file is written for, by what the file says. Knows no prompt.

using Baltoro.Chat;
using Baltoro.Engine;
using Baltoro.Engine.Gguf;
using Baltoro.Engine.Tokenizers;

namespace Baltoro.Models.Local;

static class FormatChoice
{
    const string Template = "tokenizer.chat_template";

    /// <summary>
    /// By the marks in the chat template; without a template, by the control tokens that the vocabulary has. A file that shows neither is a dialogue.
    /// </summary>
    /// <exception cref="ModelFileException">The template is one of these and the vocabulary lacks a control token of it, or there is no vocabulary.</exception>
    public static ChatFormat Of(GgufMetadata keys)
    {
        string? template = keys.Has(Template) ? keys.Text(Template) : null;
        IReadOnlyDictionary<string, int> controls = GgufTokenizer.Controls(keys);
        ChatFormat format = Find(keys, template, controls);
        foreach (string name in format.Needed)
            if (!controls.ContainsKey(name))
                throw new ModelFileException(keys.Path, 0, $"tokenizer.ggml.tokens: no control token is called {name}; the chat format {format.Name} of {Template} needs one");
        return format;
    }

    /// <summary>What the file says of the model's scope (<c>baltoro.scope</c>); general where it says nothing.</summary>
    public static ModelScope ScopeOf(GgufMetadata keys) => keys.Text("baltoro.scope", "") == "narrow" ? ModelScope.Narrow : ModelScope.General;

    static ChatFormat Find(GgufMetadata keys, string? template, IReadOnlyDictionary<string, int> controls)
    {
        if (Says("<|im_middle|>"))
            return template is not null && (Says("preserve_thinking") || Says("tools_ts")) ? new KimiK25Format() : Says("<think>") ? new KimiThinkingFormat(ScopeOf(keys)) : new KimiInstructFormat();
        if (Says("[gMASK]")) return new GlmFormat();
        if (Says("<｜Assistant｜>"))
            return template is null || Says("<｜Assistant｜></think>") ? new DeepSeekFormat() : new EarlierDeepSeekFormat(thinks: Says("<｜Assistant｜><think>"));
        (int? begin, int? end) = GgufTokenizer.Bounds(keys);
        return new DialogueFormat(Name(begin), Name(end));

        bool Says(string mark) => template?.Contains(mark, StringComparison.Ordinal) ?? controls.ContainsKey(mark);

        string? Name(int? token) => token is null ? null : controls.FirstOrDefault(control => control.Value == token).Key;
    }
}
