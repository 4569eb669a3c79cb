// The trainer's commands.

using System.Globalization;
using Baltoro.Trainer;
using Baltoro.Transcripts;
using Baltoro.Worlds;
using static TorchSharp.torch;

NativePatch.Apply();
string command = args.Length > 0 ? args[0] : "";
string Option(string name, string absent)
{
    int at = Array.IndexOf(args, "--" + name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : absent;
}
double Number(string name, double absent) => double.Parse(Option(name, absent.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

switch (command)
{
    case "vocabulary":
        {
            Vocabulary learnt = Vocabulary.Learn(Rows.Create(7, Split.Train).Take((int)Number("rows", 6000)).SelectMany(row => row.Pieces).Where(piece => piece.Kind == PieceKind.Text).Select(piece => piece.Text), (int)Number("size", 1024));
            learnt.Save(Option("out", "vocabulary.json"));
            TokenRow[] rows = [.. Rows.Create(8, Split.HeldOut).Take(500).Select(row => Lessons.Encode(learnt, row))];
            Console.WriteLine($"{learnt.Size} tokens; held-out rows: {rows.Average(row => row.Ids.Length):F0} tokens, longest {rows.Max(row => row.Ids.Length)}, learnt {rows.Average(row => row.Learn.Count(one => one)):F0}");
            Console.WriteLine(string.Join('|', rows[0].Ids.Select(id => learnt.Text([id]))));
            return 0;
        }
    case "train":
        {
            set_num_threads(1);
            string folder = Option("run", "run");
            Directory.CreateDirectory(folder);
            Vocabulary vocabulary = Vocabulary.Load(Option("vocabulary", "vocabulary.json"));
            ulong seed = (ulong)Number("seed", 1);
            random.manual_seed((long)seed);
            string from = Option("from", Path.Combine(folder, "checkpoint"));
            var (position, parameters, optimiser) = File.Exists(from) ? Checkpoint.Load(from) : Fresh();
            Plan plan = new((long)(Number("tokens", 20) * 1e6), (long)(Number("decay", 0) * 1e6), Number("rate", 3e-3), Number("copy", 0.1), (int)Number("longest", 512),
                (int)Number("step", 8192), Number("memory", 0.995), (int)Number("workers", 2), (int)Number("passages", 3072));
            TokenRow[] examination = [.. Rows.Create(99, Split.HeldOut).Take((int)Number("examine", 200)).Select(row => Lessons.Encode(vocabulary, row))];
            using CancellationTokenSource stop = new();
            using var interrupt = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, context => { context.Cancel = true; stop.Cancel(); });
            Console.CancelKeyPress += (_, press) => { press.Cancel = true; stop.Cancel(); };
            using Training training = new(folder, vocabulary, position.Seed, position, parameters, optimiser, plan);
            training.Run(examination, stop.Token);
            return 0;

            (Position, Parameters, Optimiser) Fresh()
            {
                int hidden = (int)Number("hidden", 256), layers = (int)Number("layers", 4);
                Parameters made = new(Piolet.Shape(vocabulary.Size, hidden, layers));
                if (Option("plain", "0") == "0") HeadStart.Give(made, Number("distance", HeadStart.Distance), Number("match", HeadStart.Match));
                return (new(vocabulary.Size, hidden, layers, seed, 0, 0, []), made, new(made));
            }
        }
    case "copying":
        {
            set_num_threads(1);
            Vocabulary vocabulary = Vocabulary.Load(Option("vocabulary", "vocabulary.json"));
            foreach (var (distance, match) in new[] { (0.0, 0.0), (7, 3), (7, 6), (9, 6), (9, 9), (12, 9), (12, 12) })
            {
                random.manual_seed(1);
                using Parameters parameters = new(Piolet.Shape(vocabulary.Size, (int)Number("hidden", 256)));
                if (match > 0) HeadStart.Give(parameters, distance, match);
                using Network network = new(parameters);
                TokenRow[] rows = [.. Copying.Rows(vocabulary, new(5), 6000)];
                Console.WriteLine($"distance {distance} match {match}: {Examination.Take(network, parameters.Copy(ScalarType.Float32), rows, vocabulary.Control("<|im_end|>"), ScalarType.Float32)}");
            }
            return 0;
        }
    default:
        Console.Error.WriteLine("Commands: vocabulary, copying, train.");
        return 2;
}
