// Temporary rows until the transcripts are there. Knows no torch.
#pragma warning disable
namespace Baltoro.Transcripts;

public enum PieceKind { Text, Control }
public sealed record Piece(string Text, PieceKind Kind, bool Learn);
public sealed record Row(IReadOnlyList<Piece> Pieces);

public static class Rows
{
    static readonly string[] Words = "apple river stone cloud amber violet copper silver maple cedar falcon tiger panda otter raven eagle storm ember frost delta lemon mango olive pepper ginger basil harbor bridge castle tower garden meadow forest desert island account session token cache queue buffer parser lexer node tree graph index table column record field value total count width height limit start first config option setting default status event handler listener client server request response header route page view model control service driver engine module plugin widget button panel window dialog menu report invoice order price amount budget task worker thread timer clock note letter story chapter review summary entry line string number data folder archive".Split(' ');
    const string C = "bcdfghjklmnprstvwxz", V = "aeiou";
    public static IEnumerable<Row> Create(ulong seed, bool held)
    {
        Random r = new((int)(seed % int.MaxValue));
        while (true) yield return Trail(r, held);
    }
    static bool Held(string s) { uint h = 2166136261; foreach (char c in s) h = (h ^ c) * 16777619; return (h >> 7) % 8 == 0; }
    static string Stem(Random r, bool held)
    {
        while (true)
        {
            double k = r.NextDouble(); string s = "";
            if (k < 0.45) s = Words[r.Next(Words.Length)];
            else if (k < 0.85) for (int i = r.Next(2, 4); i > 0; i--) s += $"{C[r.Next(C.Length)]}{V[r.Next(V.Length)]}{(r.NextDouble() < 0.3 ? C[r.Next(C.Length)].ToString() : "")}";
            else for (int i = r.Next(3, 6); i > 0; i--) s += (char)('a' + r.Next(26));
            if (Held(s) == held) return s;
        }
    }
    static string FileName(Random r, bool h)
    {
        string[] ext = "txt md cs py js json log cfg yaml go rs".Split(' ');
        string s = Stem(r, h); int k = r.Next(6);
        s = k switch { 0 => s + "_" + Stem(r, h), 1 => s + "-" + Stem(r, h), 2 => s + r.Next(1, 99), _ => s };
        return (r.NextDouble() < 0.2 ? Stem(r, h) + "/" : "") + s + "." + ext[r.Next(ext.Length)];
    }
    static Row Trail(Random r, bool h)
    {
        List<Piece> p = [];
        void T(string s, bool l = false) => p.Add(new(s, PieceKind.Text, l));
        void K(string s, bool l = false) => p.Add(new(s, PieceKind.Control, l));
        string outFile = FileName(r, h), cur = FileName(r, h);
        K("<|im_system|>"); T("system"); K("<|im_middle|>"); T("You are piolet. Work step by step."); K("<|im_end|>");
        K("<|im_user|>"); T("user"); K("<|im_middle|>");
        T(r.Next(6) switch { 0 => $"Follow the trail that starts at {cur} and collect each word in {outFile}", 1 => $"Start with {cur}, go from file to file, write the words to {outFile}", 2 => $"Into {outFile}, collect the words along the trail beginning at {cur}", 3 => $"{cur} is the first file of a trail. Gather all words in {outFile}", 4 => $"Open {cur} and follow where it leads. Every word goes to {outFile}", _ => $"Collect the words of the trail in {outFile} . It begins with {cur}" });
        K("<|im_end|>");
        void Call(string think, string tool, string args, int i)
        {
            K("<|im_assistant|>"); T("assistant"); K("<|im_middle|>"); K("<think>"); T(think, true); K("</think>", true); K("<|tool_calls_section_begin|>", true); K("<|tool_call_begin|>", true);
            T($"functions.{tool}:", true); T(i.ToString()); K("<|tool_call_argument_begin|>", true); T(args, true); K("<|tool_call_end|>", true); K("<|tool_calls_section_end|>", true); K("<|im_end|>", true);
        }
        void Result(string tool, int i, string text) { K("<|im_system|>"); T("tool"); K("<|im_middle|>"); T($"## Return of functions.{tool}:{i}\n{text}"); K("<|im_end|>"); }
        bool first = r.NextDouble() < 0.4; int at = first ? 0 : r.Next(1, 400), n = r.Next(2, 4);
        if (!first) { cur = FileName(r, h); }
        for (int s = 0; s < n; s++)
        {
            bool learn = first || s > 0; int mark = p.Count;
            Call(s == 0 && first ? $"start {cur} into {outFile}" : $"next {cur} into {outFile}", "Read", $"{{\"file_path\": \"{cur}\"}}", at);
            if (!learn) for (int i = mark; i < p.Count; i++) p[i] = p[i] with { Learn = false };
            string w = Stem(r, h), nx = FileName(r, h); bool end = r.NextDouble() < 0.1; 
            string a = r.Next(6) switch { 0 => $"word: {w}", 1 => $"The word is {w}", 2 => w, 3 => $"word={w}", 4 => $"- {w}", _ => $"Take the word {w}" };
            string b = end ? (r.Next(3) switch { 0 => "DONE", 1 => "The trail ends here", _ => "next: DONE" }) : r.Next(6) switch { 0 => $"next: {nx}", 1 => $"The next file is {nx}", 2 => nx, 3 => $"next={nx}", 4 => $"go to {nx}", _ => $"see {nx}" };
            string body = r.Next(4) switch { 0 => $"{b}\n{a}", 1 => $"# page {r.Next(1, 999)}\n{a}\n{b}", _ => $"{a}\n{b}" };
            Result("Read", at, string.Join("\n", body.Split('\n').Select((x, i) => $"{i + 1}\t{x}"))); at++;
            Call($"word {w} next {(end ? "none" : nx)} into {outFile}", "Append", $"{{\"file_path\": \"{outFile}\", \"text\": \"{w}\"}}", at);
            Result("Append", at, "ok"); at++;
            if (end) { K("<|im_assistant|>"); T("assistant"); K("<|im_middle|>"); K("<think>"); T($"done into {outFile}", true); K("</think>", true); T($"Done: all words are in {outFile}", true); K("<|im_end|>", true); break; }
            cur = nx;
        }
        return new(p);
    }
}
