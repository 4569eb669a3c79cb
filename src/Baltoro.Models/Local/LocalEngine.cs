// A loaded model with its vocabulary and format: prompts in, tokens out. Knows no reply.

using Baltoro.Chat;
using Baltoro.Engine;
using Baltoro.Engine.Constraint;
using Baltoro.Engine.Tokenizers;

namespace Baltoro.Models.Local;

/// <summary>Shared by all conversations of a process; safe from any thread.</summary>
public sealed class LocalEngine : IDisposable
{
    readonly Model _model;
    readonly Lazy<TokenTrie> _trie;

    LocalEngine(Model model)
    {
        _model = model;
        Tokenizer = model.Preface.ReadTokenizer();
        if (Tokenizer.Count != model.Shape.Vocabulary)
            throw model.Preface.CountFault($"there are {Tokenizer.Count} tokens; {model.Shape.Vocabulary} were expected, one for each row of the embedding");
        Format = FormatChoice.Of(model.Preface);
        Scheduler = new(model);
        // Whatever else steers the model has no place in a reply: a new role, an end, a token that stands for nothing.
        Stops = [.. Tokenizer.Controls.Where(control => !Format.ReplyMarks.Contains(control.Key)).Select(control => control.Value), .. Tokenizer.Ends];
        _trie = new(() => new([.. Enumerable.Range(0, Tokenizer.Count).Select(token => Tokenizer.IsControl(token) ? [] : Tokenizer.Bytes(token).ToArray())]));
        Help = LocalHelp.Of(model.Preface, Environment.GetEnvironmentVariable(LocalHelp.Variable));
        Unused = [.. Enumerable.Range(0, Tokenizer.Count).Where(token => Tokenizer.Bytes(token).IsEmpty)];
    }

    /// <summary>Loads a model.</summary>
    /// <exception cref="ModelFileException">The file is damaged, of a kind that is not run, or without a vocabulary.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="OperationCanceledException"></exception>
    public static LocalEngine Open(string path, ModelOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        Model model = Model.Open(path, options, progress, cancellation);
        try
        {
            return new(model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Why the packed weights are in memory alone, and will be packed anew at the next start; null when they are kept as they were to be.</summary>
    public string? NoPanelFile => _model.NoPanelFile;

    public ChatFormat Format { get; }

    public Tokenizer Tokenizer { get; }

    public Scheduler Scheduler { get; }

    /// <summary>How the model is held to what a reply may be.</summary>
    internal LocalHelp Help { get; }

    /// <summary>The vocabulary as what constrained replies need; made for the first one.</summary>
    /// <exception cref="ArgumentException">A byte is no token of it.</exception>
    internal TokenTrie Trie => _trie.Value;

    /// <summary>Tokens that end a reply.</summary>
    public IReadOnlyCollection<int> Stops { get; }

    /// <summary>Tokens of the vocabulary that stand for nothing.</summary>
    public IReadOnlyList<int> Unused { get; }

    /// <summary>The most tokens that a conversation can have: what the model was made for, or what there is memory for.</summary>
    public int Window => (int)Math.Min(_model.Context, _model.CacheTokens);

    /// <summary>The tokens of a prompt.</summary>
    public int[] Encode(Sequence<PromptPart> prompt)
    {
        List<int> tokens = [];
        foreach (PromptPart part in prompt)
        {
            switch (part)
            {
                case PromptPart.Text text: Tokenizer.Encode(text.Content, tokens); break;
                case PromptPart.Control control when Tokenizer.Controls.TryGetValue(control.Name, out int token): tokens.Add(token); break;
                // A mark that this vocabulary lacks is text to the model: some files have no token for <think>, and their models write it in letters.
                case PromptPart.Control control: Tokenizer.Encode(control.Name, tokens); break;
                default: throw new InvalidOperationException($"Unknown part {part}.");
            }
        }
        return [.. tokens];
    }

    public void Dispose()
    {
        Scheduler.Dispose();
        _model.Dispose();
    }
}
