// Which format a model file is written for, by what the file says. Knows no prompt.

using Baltoro.Chat;
using Baltoro.Engine;

namespace Baltoro.Models.Local;

static class FormatChoice
{
    /// <summary>
    /// By the marks in the chat template; without a template, by the control tokens that the vocabulary has. A file that shows neither is a dialogue.
    /// </summary>
    /// <exception cref="ModelFileException">The template is one of these and the vocabulary lacks a control token of it, or there is no vocabulary.</exception>
    public static ChatFormat Of(Preface preface)
    {
        ChatFormat format = Find(preface, preface.Template, preface.Controls);
        foreach (string name in format.Needed)
            if (!preface.Controls.ContainsKey(name)) throw preface.ControlFault(template => $"no control token is called {name}; the chat format {format.Name} of {template} needs one");
        return format;
    }

    /// <summary>What the file says of the model's scope (<c>baltoro.scope</c>); general where it says nothing.</summary>
    public static ModelScope ScopeOf(Preface preface) => preface.Own("baltoro.scope") == "narrow" ? ModelScope.Narrow : ModelScope.General;

    static ChatFormat Find(Preface preface, string? template, IReadOnlyDictionary<string, int> controls)
    {
        if (Says("<|im_middle|>"))
            return template is not null && (Says("preserve_thinking") || Says("tools_ts")) ? new KimiK25Format() : Says("<think>") ? new KimiThinkingFormat(ScopeOf(preface)) : new KimiInstructFormat();
        if (Says("[gMASK]")) return new GlmFormat();
        if (Says("<｜Assistant｜>"))
            return template is null || Says("<｜Assistant｜></think>") ? new DeepSeekFormat() : new EarlierDeepSeekFormat(thinks: Says("<｜Assistant｜><think>"));
        (int? begin, int? end) = preface.Bounds;
        return new DialogueFormat(Name(begin), Name(end));

        bool Says(string mark) => template?.Contains(mark, StringComparison.Ordinal) ?? controls.ContainsKey(mark);

        string? Name(int? token) => token is null ? null : controls.FirstOrDefault(control => control.Value == token).Key;
    }
}
