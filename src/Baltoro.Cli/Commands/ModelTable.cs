// Draws a list of models: a table as wide as the screen, or plain aligned text where there is no screen.

using Baltoro.Chat;
using Baltoro.Models;
using Spectre.Console;

namespace Baltoro.Cli.Commands;

static class ModelTable
{
    public static void Write(TextWriter output, Sequence<Listing> models, DateOnly today, Screen? screen)
    {
        Sequence<ModelColumn> columns = ModelColumn.Fitting(ModelColumn.All(today), models, screen?.Width ?? int.MaxValue);
        if (screen is null) WritePlain(output, columns, models);
        else Draw(output, columns, models, today, screen);
    }

    static void WritePlain(TextWriter output, Sequence<ModelColumn> columns, Sequence<Listing> models)
    {
        output.WriteLine(Line(column => column.Title));
        foreach (Listing model in models) output.WriteLine(Line(column => column.Text(model)));

        string Line(Func<ModelColumn, string> text) => string.Join("  ", columns.Select(column =>
            column.IsNumber ? text(column).PadLeft(column.Width(models)) : text(column).PadRight(column.Width(models)))).TrimEnd();
    }

    static void Draw(TextWriter output, Sequence<ModelColumn> columns, Sequence<Listing> models, DateOnly today, Screen screen)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = screen.Colour ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = screen.Colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        // Where not even the ids fit, long lines are better than torn ids: one can copy them.
        console.Profile.Width = Math.Max(screen.Width, columns.Sum(column => column.Width(models) + 2));
        Table table = new Table().NoBorder().Collapse();
        foreach (ModelColumn column in columns)
        {
            TableColumn drawn = new TableColumn(new Text(column.Title, new Style(decoration: Decoration.Bold))).NoWrap().PadLeft(0).PadRight(2);
            table.AddColumn(column.IsNumber ? drawn.RightAligned() : drawn);
        }
        foreach (Listing model in models)
        {
            Style style = model.Chosen.Retired <= today || !model.HasKey ? new(Color.Grey) : Style.Plain;
            table.AddRow(columns.Select(column => new Text(column.Text(model), style)));
        }
        console.Write(table);
    }
}
