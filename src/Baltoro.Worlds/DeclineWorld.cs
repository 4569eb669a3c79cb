// Requests for which the small model was not made; right is to leave the folder as it is and to say so. It knows no other task.

namespace Baltoro.Worlds;

public sealed record DeclineWorld(string Request) : World(Request)
{
    static readonly string[] Forms =
    [
        "[Write|Make up|Compose] a [poem|story|song|letter|joke|speech] about [the |]{w}", "[Fix|Find|Repair] the [bug|error|crash|fault] in {f}", "What is {n} [times|plus|minus] {m}?",
        "[Translate|Convert] {f} [to|into] [French|German|Python|Rust|English]", "Run the [tests|build|program|script]", "[Delete|Remove|Drop] {f}", "[Hello|Hi|Good morning|Good evening|Hey]",
        "How are you?", "Who are you?", "[Explain|Describe|Summarise|Review] {f}", "Make {f} [faster|shorter|nicer|simpler]", "[Sort|Count|Number] the lines of {f}",
        "[Commit|Push|Undo] [the|my|all] changes", "[Download|Fetch|Install] {w}", "What does {f} do?", "What is [a|the] {w}?", "[Write|Add] [tests|documentation|comments] for {f}",
        "[Draw|Paint] a {w}", "[Plan|Design|Build|Implement] a {w} [for me|]", "Why is the {w} [slow|broken|so large]?", "[Format|Compress|Encrypt|Copy] {f}", "Tell me about {w}",
        "[Upgrade|Update|Check] the [packages|dependencies|server|database]", "Where is the {w}?", "When was {w} [made|born|founded]?", "Can you [code|help|cook|see]?", "[Merge|Compare|Split] {f} and {w}",
        "[Deploy|Start|Stop|Restart] the {w}", "What time is it?", "Play {w} [with me|]", "[Solve|Prove] {n} x = {m}", "Send a mail to {w}",
    ];

    public override Skill Skill => Skill.Decline;

    public override IReadOnlyDictionary<string, string> Done => Files;

    public override string Says => "I cannot do that";

    public static DeclineWorld Make(Draw draw, Split split)
    {
        Names names = new(draw, split);
        CodeLines code = new(draw, names);
        string[] paths = names.Files(draw.Between(1, 4));
        string request = Asking.Draw(draw, split, Forms, ("w", names.Word()), ("f", paths[0]), ("n", $"{draw.Between(2, 99)}"), ("m", $"{draw.Between(2, 99)}"));
        return new(request) { Files = paths.ToDictionary(path => path, _ => string.Join('\n', code.Plain(3, "\n")), StringComparer.Ordinal) };
    }
}
