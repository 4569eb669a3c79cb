// The forms that the small model's file declares let through what it was taught: every thought and every call of the oracles.

using System.Text.RegularExpressions;
using Baltoro.Chat;
using Baltoro.Cli.Demo;
using Baltoro.Engine.Constraint.Grammars;
using Baltoro.Models.Local;
using Baltoro.Transcripts;
using Baltoro.Worlds;

namespace Baltoro.Cli.Tests.Demo;

public sealed partial class HeldOracleTests : IDisposable
{
    readonly LocalEngine _engine = LocalEngine.Open(Path.Combine(AppContext.BaseDirectory, "piolet.gguf"), Piolet.Options);

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void The_shipped_file_declares_what_the_transcripts_are_made_by()
    {
        Assert.Equal(Quoting.Parse(Profile.QuotedArguments), _engine.Help.Quoted);
        Assert.Equal(ThoughtForms.Parse(Profile.ThoughtForms).Select(form => form.Pieces), _engine.Help.Forms.Select(form => form.Pieces));
    }

    public static TheoryData<Skill, Split> All()
    {
        TheoryData<Skill, Split> all = [];
        foreach (Skill skill in Enum.GetValues<Skill>())
            foreach (Split split in Enum.GetValues<Split>()) all.Add(skill, split);
        return all;
    }

    [Theory, MemberData(nameof(All))]
    public async Task Every_right_turn_can_be_written(Skill skill, Split split)
    {
        LocalHelp help = new(true, Quoting.Parse(Profile.QuotedArguments), ThoughtForms.Parse(Profile.ThoughtForms));
        for (int seed = 1; seed <= 3; seed++)
            foreach (var (request, reply) in await TranscriptTests.Walk(Rows.Play(new Draw((ulong)seed), split, skill).World, window: 512) is { } model ? model.Asked : [])
                Write(request, reply, help);
    }

    void Write(ChatRequest request, string reply, LocalHelp help)
    {
        ThoughtConstraint constraint = new(ReplyGrammar.OfThought(_engine.Trie, _engine.Tokenizer, _engine.Format, thinks: false, new(help, request))!, _engine.Tokenizer,
            said => new(ReplyGrammar.OfAnswer(_engine.Trie, _engine.Tokenizer, _engine.Format, request, false, new(help, request, said)), _engine.Stops));
        float[] logits = new float[_engine.Tokenizer.Count];
        bool goesOn = true;
        string written = "";
        foreach (string part in Controls().Split(reply))
            foreach (int token in _engine.Tokenizer.Controls.TryGetValue(part, out int control) ? [control] : _engine.Tokenizer.Encode(part))
            {
                if (!goesOn)
                {
                    Assert.Equal("<|im_end|>", part);
                    return;
                }
                Array.Clear(logits);
                constraint.Restrict(logits, 300);
                Assert.True(logits[token] == 0, $"{written} >>> {part}\n{request.Turns[^1]}");
                written += part;
                if (part == "<|im_end|>") return;
                goesOn = constraint.Accept(token);
            }
    }

    [GeneratedRegex(@"(<\|[^|]+\|>|</?think>)")]
    private static partial Regex Controls();
}
