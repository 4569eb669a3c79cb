// What was learnt of models since the program was built, as a file that lies over the built-in catalogue and under the user's words.
// It refuses to know where it was learnt.

using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Baltoro.Chat;
using Baltoro.Models.Reading;

namespace Baltoro.Models;

/// <summary>Facts about models at upstreams, of one day. Immutable.</summary>
/// <param name="Date">An update older than the built-in catalogue is left aside: the program knows better by then.</param>
public sealed record CatalogueUpdate(DateOnly Date, Sequence<LearntModel> Models)
{
    /// <summary>The file's name in the state folder.</summary>
    public const string FileName = "catalogue.json";

    /// <summary>Writes the file as a whole or leaves the old one.</summary>
    /// <exception cref="IOException">The disk, or the folder's rights, are against it.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public void Write(string path) => AtomicFile.Write(path, Text);

    /// <summary>In the format of the configuration's <c>models</c>, with a date.</summary>
    public string Text => Written() + "\n";

    string Written()
    {
        ArrayBufferWriter<byte> text = new();
        using (Utf8JsonWriter writer = new(text, new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("date", Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            writer.WriteStartObject("models");
            foreach (IGrouping<string, LearntModel> model in Models.GroupBy(model => model.Id))
            {
                writer.WriteStartObject(model.Key);
                if (model.Select(place => place.Introduction).FirstOrDefault(found => found is not null) is { } introduction) Write(writer, introduction);
                writer.WriteStartObject("at");
                // Two names of one model at one upstream: the first counts.
                foreach (LearntModel place in model.DistinctBy(place => place.Upstream)) Write(writer, place, $"models.dev {Date:yyyy-MM-dd}");
                writer.WriteEndObject();
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    static void Write(Utf8JsonWriter writer, Introduction introduction)
    {
        writer.WriteString("name", introduction.Name);
        if (introduction.Released is { } day) writer.WriteString("released", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        if (introduction.Images) writer.WriteBoolean("images", true);
    }

    static void Write(Utf8JsonWriter writer, LearntModel place, string source)
    {
        writer.WriteStartObject(place.Upstream);
        writer.WriteString("model", place.Name);
        if (place.Window is { } window) writer.WriteNumber("window", window);
        if (place.Output is { } output) writer.WriteNumber("output", output);
        if (place.Prices is { } prices)
        {
            writer.WriteStartObject("prices");
            Write(writer, prices);
            // Prices are taken as a whole: what is not said now must not shine through from below.
            if (prices.Long is not { } more) writer.WriteNull("long");
            else
            {
                writer.WriteStartObject("long");
                writer.WriteNumber("above", more.Above);
                Write(writer, more.Prices);
                writer.WriteEndObject();
            }
            writer.WriteString("source", source);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    static void Write(Utf8JsonWriter writer, Prices prices)
    {
        writer.WriteNumber("input", prices.Input);
        writer.WriteNumber("output", prices.Output);
        Amount("cacheRead", prices.CacheRead);
        Amount("cacheWrite", prices.CacheWrite);
        Amount("cacheWriteHour", prices.CacheWriteHour);

        void Amount(string name, decimal? amount)
        {
            if (amount is { } value) writer.WriteNumber(name, value);
            else writer.WriteNull(name);
        }
    }

    /// <summary>The built-in catalogue with a file laid over it; the built-in one where there is none, or an older one.</summary>
    internal static Node.Object Over(Node.Object builtIn, ConfigurationFile? file, List<Problem> problems)
    {
        if (file is null || NodeParser.Parse(file.Path, file.Text, problems) is not { } learnt) return builtIn;
        Fields fields = new(learnt, problems);
        DateOnly? date = fields.Date("date");
        Fields? models = fields.Object("models");
        fields.Close();
        bool isOlder = date is null || new Fields(builtIn, []).Date("date") is { } built && date < built;
        return isOlder || models is null ? builtIn : Node.Over(learnt, builtIn);
    }
}

/// <summary>A model at one upstream. What is null was not said.</summary>
/// <param name="Id">The id under which it is listed.</param>
/// <param name="Upstream">The upstream's name here.</param>
/// <param name="Name">The model's name there.</param>
/// <param name="Introduction">Null for models that the built-in catalogue lists.</param>
public sealed record LearntModel(string Id, string Upstream, string Name, int? Window, int? Output, Prices? Prices, Introduction? Introduction);

/// <summary>What a list of models shows of one that is new.</summary>
public sealed record Introduction(string Name, DateOnly? Released, bool Images);
