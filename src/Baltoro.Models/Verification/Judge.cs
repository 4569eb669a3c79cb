// What is wrong with one answer to one question. It refuses to mend, and to know who answered.

using System.Text.RegularExpressions;
using Baltoro.Chat;

namespace Baltoro.Models.Verification;

static partial class Judge
{
    /// <summary>Estimates are closer than that, and vendors' templates add little.</summary>
    const double WidestMiscount = 3;

    /// <summary>Bytes of text that no tokenizer puts into one token on average.</summary>
    const int MostBytesOfAToken = 16;

    static readonly string[] ChatReasons = ["stop", "tool_calls", "length", "content_filter"];

    static readonly string[] MessagesReasons =
        ["end_turn", "tool_use", "max_tokens", "stop_sequence", "refusal", "pause_turn", "model_context_window_exceeded"];

    /// <summary>Everything but what shows only over several answers: trigger and cache.</summary>
    /// <param name="asked">As it was sent.</param>
    public static IEnumerable<Defect> Defects(Question question, ChatRequest asked, Answer answer, ModelCard card)
    {
        Defect Found(DefectKind kind, string what) => new(kind, question.Name, what);
        if (answer.Failure is { } failure)
        {
            yield return Found(DefectKind.Failed, failure.Message);
            yield break;
        }
        if (answer.Calls.IsEmpty && string.IsNullOrWhiteSpace(answer.Text)) yield return Found(DefectKind.Empty, answer.Thinking.Length > 0 ? "thinking alone" : "nothing at all");
        foreach (string wrong in Finish(answer, card)) yield return Found(DefectKind.Finish, wrong);
        foreach (string wrong in Schemas(answer, asked)) yield return Found(DefectKind.Schema, wrong);
        foreach (string wrong in Ids(answer, asked, card)) yield return Found(DefectKind.Id, wrong);
        if (Token().Match(answer.Text) is { Success: true } inText) yield return Found(DefectKind.Leak, $"{inText.Value} in the text");
        if (Token().Match(answer.Thinking) is { Success: true } inThinking) yield return Found(DefectKind.Leak, $"{inThinking.Value} in the thinking");
        foreach (string wrong in Usage(answer, asked)) yield return Found(DefectKind.Usage, wrong);
    }

    static IEnumerable<string> Finish(Answer answer, ModelCard card)
    {
        bool speaksMessages = card.Dialect is Dialect.Claude or Dialect.Messages;
        string forTools = speaksMessages ? "tool_use" : "tool_calls";
        if (!answer.HasEnd) yield return speaksMessages ? "no message_stop" : "no [DONE]";
        if (answer.Finish is not { } reason) yield return "no reason to stop";
        else if (!(speaksMessages ? MessagesReasons : ChatReasons).Contains(reason)) yield return $"\"{reason}\", which the format does not know";
        else if (!answer.Calls.IsEmpty && reason != forTools) yield return $"\"{reason}\" beside a call";
        else if (answer.Calls.IsEmpty && reason == forTools) yield return $"\"{reason}\" without a call";
    }

    static IEnumerable<string> Schemas(Answer answer, ChatRequest asked)
    {
        foreach (AnsweredCall call in answer.Calls)
        {
            if (asked.Tools.OfType<ToolSpec.Function>().FirstOrDefault(tool => tool.Name == call.Name) is not { } tool) yield return $"\"{call.Name}\" is no declared tool";
            else if (SchemaCheck.Problem(call.Arguments, tool.Schema) is { } problem) yield return $"{call.Name}: {problem}";
        }
    }

    static IEnumerable<string> Ids(Answer answer, ChatRequest asked, ModelCard card)
    {
        if (answer.IsMerged) yield return "several calls under one index";
        HashSet<string> taken = [.. asked.Turns.SelectMany(turn => turn.Blocks).OfType<Block.ToolCall>().Select(call => call.Id)];
        foreach (AnsweredCall call in answer.Calls)
        {
            if (call.Id is null) yield return $"{call.Name}: no id";
            else if (!taken.Add(call.Id)) yield return $"{call.Name}: the id {call.Id} a second time";
            else if (!HasForm(call, card.Ids)) yield return $"{call.Name}: the id {call.Id}, which is not of the model's form";
        }
    }

    /// <summary>Kimi's own API leaves "functions." out; the number is what the model counts by.</summary>
    static bool HasForm(AnsweredCall call, IdDialect dialect) => dialect switch
    {
        IdDialect.Kimi => KimiId().Match(call.Id!) is { Success: true } id && id.Groups["name"].Value == call.Name,
        IdDialect.Claude => ClaudeId().IsMatch(call.Id!),
        _ => call.Id!.Length <= 64,
    };

    static IEnumerable<string> Usage(Answer answer, ChatRequest asked)
    {
        if (answer.Tokens is not { } tokens)
        {
            yield return "none told";
            yield break;
        }
        long estimate = TokenEstimate.Of(asked);
        long bytes = System.Text.Encoding.UTF8.GetByteCount(answer.Text + answer.Thinking) + answer.Calls.Sum(call => (long)call.Arguments.Length);
        if (tokens.Prompt * WidestMiscount < estimate || tokens.Prompt > estimate * WidestMiscount) yield return $"{tokens.Prompt} tokens of prompt where about {estimate} were sent";
        if (tokens.Output * MostBytesOfAToken < bytes) yield return $"{tokens.Output} tokens of output for {bytes} bytes";
        if (tokens.Cached > tokens.Prompt) yield return $"{tokens.Cached} cached of {tokens.Prompt} in all";
        if (tokens.Reasoning > tokens.Output) yield return $"{tokens.Reasoning} of reasoning in {tokens.Output} of output";
    }

    /// <summary>Kimi's and ChatML's markers, DeepSeek's, the tags of thinking and of calls in other templates.</summary>
    [GeneratedRegex(@"<\|[a-z_]{2,40}\|>|<｜[^｜\n]{2,40}｜>|</?think>|</?tool_call>|\[TOOL_CALLS\]|</?arg_(key|value)>")]
    private static partial Regex Token();

    [GeneratedRegex(@"^(functions\.)?(?<name>[^:]+):\d+$")]
    private static partial Regex KimiId();

    [GeneratedRegex("^[a-zA-Z0-9_-]+$")]
    private static partial Regex ClaudeId();
}
