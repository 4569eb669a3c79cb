// `baltoro engine`: what a model file holds, what a model computes, and files with random weights. It asks no upstream.

using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Baltoro.Engine;
using Baltoro.Engine.Gguf;
using Baltoro.Engine.Network;

namespace Baltoro.Cli.Commands;

static class EngineCommand
{
    /// <param name="look">Called once per run.</param>
    public static Command Create(Func<Surroundings> look) => new("engine", "Look into model files and run them without a chat.")
    {
        Info(), Logits(look), Random(look),
    };

    static Command Info()
    {
        Argument<string> path = new("FILE") { Description = "A GGUF file; of a split one, any part. Or the folder of a safetensors checkpoint." };
        Option<bool> tensors = new("--tensors") { Description = "List every tensor too." };
        Command command = new("info", "Say what a model file holds.") { path, tensors };
        command.SetAction(parsed => Guarded(parsed, () => Describe(parsed.GetValue(path)!, parsed.GetValue(tensors), parsed.InvocationConfiguration.Output)));
        return command;
    }

    static Command Logits(Func<Surroundings> look)
    {
        Option<string> model = ModelOption();
        Option<string> tokens = new("--tokens") { Description = "Token numbers with commas between them.", Required = true, HelpName = "1,2,3" };
        Option<string> to = new("--out") { Description = "Gets float32 numbers, little-endian: a row of the vocabulary's size for each token.", Required = true, HelpName = "FILE" };
        Command command = new("logits", "Write the logits of every position of a sequence of tokens.") { model, tokens, to, ThreadsOption, NoCacheOption };
        command.SetAction((parsed, cancellation) => Task.Run(() => Guarded(parsed, () =>
        {
            using ProgressLine progress = new(look(), parsed);
            int[] numbers = Numbers(parsed.GetValue(tokens)!);
            string path = parsed.GetValue(model)!;
            using Model opened = Open(path, Options(parsed, path), progress, cancellation);
            WriteLogits(opened, numbers, parsed.GetValue(to)!, progress.Of("computing"), cancellation);
        }), cancellation));
        return command;
    }

    static Command Random(Func<Surroundings> look)
    {
        Option<string> shape = new("--shape") { Description = "The model whose sizes it has.", Required = true, HelpName = string.Join("|", KnownShapes.Names) };
        Option<int?> layers = new("--layers") { Description = "How many layers; as many as the model has unless said.", HelpName = "N" };
        Option<string> type = new("--type") { Description = $"The type of the large matrices: {TensorTypes.Names}.", DefaultValueFactory = _ => "Q4_0", HelpName = "TYPE" };
        Option<string> to = new("--out") { Description = "The file to write.", Required = true, HelpName = "FILE" };
        Command command = new("random", "Write a model file with random weights, for measurements without a download.") { shape, layers, type, to };
        command.SetAction((parsed, cancellation) => Task.Run(() => Guarded(parsed, () =>
        {
            if (!Enum.TryParse(parsed.GetValue(type), ignoreCase: true, out TensorType stored) || !TensorTypes.IsKnown(stored))
                throw new ArgumentException($"There is no type \"{parsed.GetValue(type)}\". There are {TensorTypes.Names}.");
            using ProgressLine progress = new(look(), parsed);
            RandomModel.Write(parsed.GetValue(to)!, KnownShapes.Find(parsed.GetValue(shape)!, parsed.GetValue(layers)), stored, seed: 1, progress.Of("writing"), cancellation);
        }), cancellation));
        return command;
    }

    public static Option<int?> ThreadsOption { get; } = new("--threads") { Description = "Threads that compute; one for each core unless said.", HelpName = "N" };

    public static Option<string> ModelOption() => new("--model", "-m") { Description = "A GGUF file; of a split one, any part. Or the folder of a safetensors checkpoint.", Required = true, HelpName = "FILE" };

    public static Option<bool> NoCacheOption { get; } = new("--no-cache") { Description = "Pack the weights in memory, instead of in a file beside the model that the next start only maps." };

    /// <summary>More than any machine has cores.</summary>
    const int MostThreads = 1024;

    /// <exception cref="ArgumentException">There cannot be so many threads.</exception>
    public static ModelOptions Options(ParseResult parsed, string path)
    {
        if (parsed.GetValue(ThreadsOption) is < 1 or > MostThreads) throw new ArgumentException($"--threads: found {parsed.GetValue(ThreadsOption)}, expected a whole number from 1 to {MostThreads}");
        ModelOptions options = new() { PanelFile = parsed.GetValue(NoCacheOption) ? null : ModelPath.Panels(path) };
        return parsed.GetValue(ThreadsOption) is { } threads ? options with { Threads = threads } : options;
    }

    public static Model Open(string path, ModelOptions options, ProgressLine progress, CancellationToken cancellation)
    {
        Model model = Model.Open(path, options, progress.Of("loading"), cancellation);
        if (model.NoPanelFile is { } why) progress.Say($"The packed weights are not kept: {why}");
        return model;
    }

    /// <summary>Runs what works on files, and says what is wrong with them in a line.</summary>
    public static int Guarded(ParseResult parsed, Action run)
    {
        try
        {
            run();
            return ExitCodes.Ok;
        }
        catch (Exception e) when (e is ModelFileException or CacheFullException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            parsed.InvocationConfiguration.Error.WriteLine(e.Message);
            return ExitCodes.BadInput;
        }
    }

    static void Describe(string path, bool tensors, TextWriter output)
    {
        ModelContents contents = ModelContents.Read(path);
        foreach (var (key, value) in contents.Facts) output.WriteLine($"{key} = {value}");
        output.WriteLine();
        foreach (var type in contents.Tensors.GroupBy(tensor => tensor.Type).OrderByDescending(group => group.Sum(tensor => tensor.Bytes)))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{type.Key,-5} {type.Count(),6} tensors {type.Sum(tensor => tensor.Bytes) / 1e9,10:0.000} GB"));
        if (!tensors) return;
        output.WriteLine();
        foreach (ModelContents.Tensor tensor in contents.Tensors) output.WriteLine($"{tensor.Name} {tensor.Type} {tensor.Sizes}");
    }

    static void WriteLogits(Model model, int[] tokens, string to, IProgress<double>? progress, CancellationToken cancellation)
    {
        using Session session = model.Begin();
        // Begun with the first row: tokens that are none leave nothing behind.
        FileStream? file = null;
        try
        {
            session.EvaluateAll(tokens, (position, logits) =>
            {
                file ??= new(to, FileMode.Create, FileAccess.Write);
                file.Write(MemoryMarshal.AsBytes(logits));
                progress?.Report((position + 1.0) / tokens.Length);
            }, cancellation);
        }
        finally
        {
            file?.Dispose();
        }
    }

    static int[] Numbers(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0) throw new ArgumentException("--tokens: there is none.");
        return [.. parts.Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int token) ? token : throw new ArgumentException($"--tokens: \"{part}\" is no token number."))];
    }
}
