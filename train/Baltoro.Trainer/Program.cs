// The trainer's commands.

using System.Globalization;
using System.Runtime.InteropServices;
using Baltoro.Engine.Gguf;
using Baltoro.Trainer;
using Baltoro.Transcripts;
using Baltoro.Worlds;
using static TorchSharp.torch;

NativePatch.Apply();
set_num_threads(1);
try
{
    return args.FirstOrDefault() switch
    {
        "vocabulary" => LearnVocabulary(),
        "train" => Train(),
        "export" => WriteModel(),
        "examine" => Examine(),
        "check" => Check(),
        "rows" => WriteRows(),
        "copying" => ShowHeadStart(),
        _ => Usage(),
    };
}
catch (Exception e) when (e is IOException or FormatException or ArgumentException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

int Usage()
{
    Console.Error.WriteLine("""
        Commands, each with --vocabulary FILE:
          vocabulary  [--size 1024] [--rows 3000] [--seed 7]                learns the tokens and writes the file
          train       --run FOLDER [--from CHECKPOINT] [--tokens MILLIONS] [--decay MILLIONS] [--rate R] …   begins or goes on; SIGTERM ends it in order
          export      --from CHECKPOINT --out FILE.gguf [--type F16|F32] [--weights averaged|last]
          examine     --from CHECKPOINT [--skill Trail] [--split HeldOut] [--rows 400] [--show N]
          check       --from CHECKPOINT                                     compares logits with the engine's
          rows        --out FILE [--count 100000] [--seed 1] [--longest 512] [--skills …]  token rows for pytorch/train.py
          copying     [--hidden 192]                                        what the head start copies before any training
        """);
    return 2;
}

string Option(string name, string absent)
{
    int at = Array.IndexOf(args, "--" + name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : absent;
}

double Number(string name, double absent) => double.Parse(Option(name, absent.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

Vocabulary Words() => Vocabulary.Load(Option("vocabulary", "vocabulary.gguf"));

Dictionary<string, TorchSharp.torch.Tensor> Chosen(Parameters parameters, Optimiser optimiser) => Option("weights", "averaged") switch
{
    "averaged" => Training.Averaged(parameters, optimiser, ScalarType.Float32),
    "last" => parameters.Copy(ScalarType.Float32),
    var other => throw new FormatException($"--weights is {other}; averaged or last was expected."),
};

TokenRow[] Unseen(Vocabulary vocabulary, Skill? skill, int count) =>
    [.. Rows.Create(99, Enum.Parse<Split>(Option("split", "HeldOut")), skill).Take(count).Select(row => Lessons.Encode(vocabulary, row)).Where(row => row.Ids.Length <= Piolet.Context)];

int LearnVocabulary()
{
    string path = Option("vocabulary", "vocabulary.gguf");
    IEnumerable<string> texts = Rows.Create((ulong)Number("seed", 7), Split.Train).Take((int)Number("rows", 3000)).SelectMany(row => row.Pieces).Where(piece => piece.Kind == PieceKind.Text).Select(piece => piece.Text);
    Vocabulary.Save(path, Vocabulary.Learn(texts, (int)Number("size", 1024)));
    Vocabulary vocabulary = Vocabulary.Load(path);
    foreach (Skill skill in Enum.GetValues<Skill>())
    {
        TokenRow[] rows = Unseen(vocabulary, skill, 200);
        Console.WriteLine($"{skill}: {rows.Average(row => row.Ids.Length):F0} tokens in a row, {rows.Max(row => row.Ids.Length)} at most, {rows.Average(row => row.Learn.Count(one => one)):F0} learnt");
        Console.WriteLine(string.Join('|', rows[0].Ids.Select(id => vocabulary.Text([id]))));
    }
    return 0;
}

int Train()
{
    string folder = Option("run", "run");
    Directory.CreateDirectory(folder);
    Vocabulary vocabulary = Words();
    ulong seed = (ulong)Number("seed", 1);
    random.manual_seed((long)seed);
    string own = Path.Combine(folder, "checkpoint"), from = File.Exists(own) ? own : Option("from", own);
    var (position, parameters, optimiser) = File.Exists(from) ? Checkpoint.Load(from) : Begin();
    Plan plan = new((long)(Number("tokens", 20) * 1e6), (long)(Number("decay", 0) * 1e6), Number("rate", 3e-3), Number("copy", 0.1), Skills.Parse(Option("skills", "Trail=40,Collect=2,Rename=2,Header=2,Todos=2,Decline=2")), (int)Number("longest", Piolet.Context),
        (int)Number("step", 6144), Number("memory", 0.995), (int)Number("workers", 2), (int)Number("passages", 3072));
    using CancellationTokenSource stop = new();
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
    {
        context.Cancel = true;
        stop.Cancel();
    });
    using Training training = new(folder, vocabulary, position.Seed, position, parameters, optimiser, plan);
    training.Run(Unseen(vocabulary, Skill.Trail, (int)Number("examine", 150)), stop.Token);
    // As shells say that SIGTERM ended a process: what comes after a whole run must not follow one that was stopped.
    return stop.IsCancellationRequested ? 143 : 0;

    (Position, Parameters, Optimiser) Begin()
    {
        int hidden = (int)Number("hidden", 192), layers = (int)Number("layers", 4);
        Parameters made = new(Piolet.Shape(vocabulary.Size, hidden, layers));
        if (Option("headstart", "yes") == "yes") HeadStart.Give(made);
        return (new(vocabulary.Size, hidden, layers, seed, 0, 0, []), made, new(made));
    }
}

int WriteModel()
{
    var (_, parameters, optimiser) = Checkpoint.Load(Option("from", "run/checkpoint"));
    Export.Write(Option("out", "piolet.gguf"), parameters.Shape, Chosen(parameters, optimiser), parameters.Biases, Words(), Enum.Parse<TensorType>(Option("type", "F16")));
    return 0;
}

int Examine()
{
    Vocabulary vocabulary = Words();
    var (position, parameters, optimiser) = Checkpoint.Load(Option("from", "run/checkpoint"));
    using Network network = new(parameters);
    Dictionary<string, TorchSharp.torch.Tensor> weights = Chosen(parameters, optimiser);
    int shown = (int)Number("show", 0);
    Console.WriteLine($"step {position.Steps}, {position.Tokens} tokens, {Option("weights", "averaged")} weights, {Option("split", "HeldOut")}");
    foreach (Skill skill in Enum.GetValues<Skill>())
    {
        if (Option("skill", skill.ToString()) != skill.ToString()) continue;
        TokenRow[] rows = Unseen(vocabulary, skill, (int)Number("rows", 200));
        Console.WriteLine($"{skill}: {Examination.Take(network, weights, rows, vocabulary.End, ScalarType.Float32, Show)}");
    }
    return 0;

    void Show(TokenRow row, int at, int written)
    {
        if (shown-- > 0) Console.WriteLine($"  …{vocabulary.Text(row.Ids[Math.Max(0, at - 130)..at])} >>> \"{vocabulary.Text([written])}\" in place of \"{vocabulary.Text([row.Ids[at]])}\"\n");
    }
}

int Check()
{
    Vocabulary vocabulary = Words();
    var (_, parameters, optimiser) = Checkpoint.Load(Option("from", "run/checkpoint"));
    using Network network = new(parameters);
    string path = Path.GetTempFileName();
    try
    {
        Dictionary<string, TorchSharp.torch.Tensor> weights = Chosen(parameters, optimiser);
        Export.Write(path, parameters.Shape, weights, parameters.Biases, vocabulary, TensorType.F32);
        var (difference, same, places) = Export.Compare(network, weights, path, [.. Rows.Create(99, Split.Train).Select(row => Lessons.Encode(vocabulary, row)).Where(row => row.Ids.Length <= parameters.Shape.Context).Take(5)]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"largest difference {difference:E1} of the largest logit, the same best token in {same} of {places} places"));
        return difference < 1e-3 ? 0 : 1;
    }
    finally
    {
        File.Delete(path);
    }
}

int WriteRows()
{
    Vocabulary vocabulary = Words();
    ulong seed = (ulong)Number("seed", 1);
    using BinaryWriter writer = new(File.Create(Option("out", "rows.bin")));
    Skills skills = Skills.Parse(Option("skills", "Trail=40,Collect=2,Rename=2,Header=2,Todos=2,Decline=2"));
    int longest = (int)Number("longest", Piolet.Context);
    for (ulong pool = seed, left = (ulong)Number("count", 100_000); left > 0; pool++)
        foreach (Row drawn in skills.Draw(pool))
        {
            if (left == 0) break;
            TokenRow row = Lessons.Encode(vocabulary, drawn);
            if (row.Ids.Length > longest) continue;
            left--;
            Write(row);
        }
    return 0;

    void Write(TokenRow row)
    {
        writer.Write(row.Ids.Length);
        // The highest bit says that the token is learnt.
        for (int i = 0; i < row.Ids.Length; i++) writer.Write((ushort)(row.Ids[i] | (row.Learn[i] ? 1 << 15 : 0)));
    }
}

int ShowHeadStart()
{
    Vocabulary vocabulary = Words();
    foreach (bool given in new[] { false, true })
    {
        random.manual_seed(1);
        using Parameters parameters = new(Piolet.Shape(vocabulary.Size, (int)Number("hidden", 192)));
        if (given) HeadStart.Give(parameters);
        using Network network = new(parameters);
        TokenRow[] rows = [.. Copying.Rows(vocabulary, new(5), 6000)];
        Console.WriteLine($"{(given ? "with" : "without")} a head start: {Examination.Take(network, parameters.Copy(ScalarType.Float32), rows, vocabulary.End, ScalarType.Float32)}");
    }
    return 0;
}
