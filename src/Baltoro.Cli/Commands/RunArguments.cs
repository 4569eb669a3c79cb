// The command line of `baltoro run`: options in, an order out. It refuses to carry it out.

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;
using Baltoro.Chat;

namespace Baltoro.Cli.Commands;

/// <summary>The options, each with its own check.</summary>
sealed partial class RunArguments
{
    readonly Argument<string?> _task = new("TASK") { Description = "What is to be done; without it, the task is read from the input.", Arity = ArgumentArity.ZeroOrOne };
    readonly Option<string?> _model = new("--model", "-m") { Description = "A model or a route, as `baltoro models` lists them (default: what `baltoro use` says).", HelpName = "NAME" };
    readonly Option<string?> _effort = new("--effort") { Description = "How hard the model is to think: low, medium, high or another word of its vendor.", HelpName = "WORD" };
    readonly Option<OutputForm> _output = Named("--output", "text, json (one object at the end), stream-json (Claude Code's schema) or events (the session's own log).",
        [("text", OutputForm.Text), ("json", OutputForm.Json), ("stream-json", OutputForm.StreamJson), ("events", OutputForm.Events)]);
    readonly Option<InputForm> _input = Named("--input-format", "text, or stream-json: one user message a line, each answered before the next.", [("text", InputForm.Text), ("stream-json", InputForm.StreamJson)]);
    readonly Option<int?> _steps = Checked<int?>("--max-steps", "N", "Stop after so many replies of the model.",
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int steps) && steps > 0 ? steps : null, "a whole number from 1");
    readonly Option<decimal?> _cost = Checked<decimal?>("--max-cost", "USD", "Stop when so many US dollars are spent.",
        text => decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal dollars) && dollars > 0 ? dollars : null, "a number above 0, such as 2.50");
    readonly Option<long?> _tokens = Checked<long?>("--max-tokens", "N", "Stop when so many tokens, in and out, are used.", Tokens, "a whole number from 1, such as 500000, 500k or 2m");
    readonly Option<TimeSpan?> _time = Checked<TimeSpan?>("--max-time", "TIME", "Stop after this time; failing requests are repeated as long.", Time, "a time such as 90s, 30m, 1h30m or 2d");
    readonly Option<string?> _resume = new("--resume", "-r") { Description = "Go on with a session: its id or a beginning of it; without one, the latest of this folder.", HelpName = "ID", Arity = ArgumentArity.ZeroOrOne };
    readonly Option<string?> _fork = new("--fork") { Description = "The same on a copy of the session.", HelpName = "ID", Arity = ArgumentArity.ZeroOrOne };
    readonly Option<bool> _orphans = new("--resume-orphans") { Description = "Go on with all unattended runs whose process died." };

    // What wrappers of Claude Code say to it, where it means the same here.
    readonly Option<bool> _verbose = new("--verbose") { Description = "Accepted from wrappers of Claude Code; stream-json tells all that there is.", Hidden = true };
    readonly Option<string?> _mode = Checked<string?>("--permission-mode", "MODE", "Accepted from wrappers of Claude Code.", text => text == "default" ? text : null, "default: what is permitted stands in the configuration");

    readonly Option<bool> _open = new("--no-sandbox") { Description = "Let the model run shell commands with all rights that you have." };

    public RunArguments()
    {
        _output.Aliases.Add("--output-format");
        _steps.Aliases.Add("--max-turns");
        _cost.Aliases.Add("--max-budget-usd");
        _mode.Hidden = true;
        Command = new("run", "Have a task done unattended, in the current folder.")
        {
            _task, _model, _effort, _output, _input, _steps, _cost, _tokens, _time, _resume, _fork, _orphans, _open, _verbose, _mode, ConfigurationLoading.Option,
        };
        Command.Validators.Add(result =>
        {
            bool[] given = [result.GetResult(_resume) is not null, result.GetResult(_fork) is not null, result.GetResult(_orphans) is not null];
            if (given.Count(each => each) > 1) result.AddError("--resume, --fork and --resume-orphans exclude each other.");
            if (result.GetResult(_orphans) is not null && result.GetResult(_task) is { Tokens.Count: > 0 }) result.AddError("--resume-orphans takes no task: each run has its own.");
            if (result.GetValue(_input) == InputForm.StreamJson && result.GetResult(_task) is { Tokens.Count: > 0 }) result.AddError("--input-format stream-json takes no task: the messages come from the input.");
        });
    }

    public Command Command { get; }

    public RunOrder Order(ParseResult parsed) => new(
        parsed.GetValue(_task), parsed.GetValue(_model), Session(parsed), parsed.GetValue(_output), parsed.GetValue(_input),
        new() { Steps = parsed.GetValue(_steps), Cost = parsed.GetValue(_cost), Tokens = parsed.GetValue(_tokens), Time = parsed.GetValue(_time) }, parsed.GetValue(_open),
        parsed.GetValue(_effort) is { } effort ? new(effort) : null, parsed.GetValue(ConfigurationLoading.Option));

    WhichSession Session(ParseResult parsed) =>
        parsed.GetValue(_orphans) ? WhichSession.Orphans.Instance
        : parsed.GetResult(_resume) is not null ? new WhichSession.Resumed(parsed.GetValue(_resume))
        : parsed.GetResult(_fork) is not null ? new WhichSession.Forked(parsed.GetValue(_fork))
        : WhichSession.New.Instance;

    static Option<T> Named<T>(string option, string description, IEnumerable<(string Name, T Value)> values)
    {
        (string Name, T Value)[] known = [.. values];
        Option<T> named = new(option)
        {
            Description = description,
            HelpName = string.Join('|', known.Select(each => each.Name)),
            CustomParser = argument =>
            {
                string text = argument.Tokens[0].Value;
                int at = Array.FindIndex(known, each => each.Name.Equals(text, StringComparison.OrdinalIgnoreCase));
                if (at >= 0) return known[at].Value;
                argument.AddError($"{option}: found \"{text}\", expected {string.Join(", ", known.Select(each => each.Name))}");
                return default;
            },
        };
        return named;
    }

    static Option<T> Checked<T>(string option, string unit, string description, Func<string, T> read, string expected) => new(option)
    {
        Description = description,
        HelpName = unit,
        CustomParser = argument =>
        {
            string text = argument.Tokens[0].Value;
            T value = read(text);
            if (value is null) argument.AddError($"{option}: found \"{text}\", expected {expected}");
            return value;
        },
    };

    static long? Tokens(string text)
    {
        long unit = text.Length == 0 ? 1 : char.ToLowerInvariant(text[^1]) switch { 'k' => 1_000, 'm' => 1_000_000, _ => 1 };
        return long.TryParse(unit == 1 ? text : text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long count) && count > 0 && count <= long.MaxValue / unit ? count * unit : null;
    }

    static TimeSpan? Time(string text)
    {
        if (text.Length is 0 or > 20 || !Times.IsMatch(text)) return null;
        double seconds = 0;
        foreach (Match part in TimePart.Matches(text))
        {
            double count = double.Parse(part.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            seconds += count * part.Groups[2].Value switch { "d" => 86_400, "h" => 3_600, "m" => 60, _ => 1 };
        }
        // A timer takes no more than 49 days.
        return seconds is > 0 and <= 30 * 86_400 ? TimeSpan.FromSeconds(seconds) : null;
    }

    [GeneratedRegex(@"^(\d+(\.\d+)?[dhms])+$")]
    private static partial Regex Times { get; }

    [GeneratedRegex(@"(\d+(?:\.\d+)?)([dhms])")]
    private static partial Regex TimePart { get; }
}
