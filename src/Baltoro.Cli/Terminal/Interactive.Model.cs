// The sitting's model: shown, changed, and loaded while the person looks on. It refuses to know how a model is run.

using System.Globalization;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;
using Baltoro.Cli.Demo;
using Baltoro.Models;

namespace Baltoro.Cli.Terminal;

sealed partial class Interactive
{
    /// <summary>A model on its way to be the one that is asked.</summary>
    sealed record Arriving(string Name, IChatModel Model, long Began, CancellationTokenSource Wait)
    {
        public double Share { get; init; }
    }

    /// <summary>Tells the loop how far a file is.</summary>
    sealed class Told(Interactive sitting) : IProgress<double>
    {
        public void Report(double value) => sitting.Send(new Happening.Loading(Math.Clamp(value, 0, 1)));
    }

    const string LocalFile = "local:";

    Arriving? _arriving;

    /// <summary>Where a file that is loaded is told of: on the screen. Safe for all threads.</summary>
    public IProgress<double>? Loading(string path) => new Told(this);

    void ChangeModel(string name)
    {
        if (name.Length == 0)
        {
            ShowModels();
            return;
        }
        Arriving arriving = new(name, _house.Model(name), _clock.GetTimestamp(), new());
        _arriving = arriving;
        _ = Task.Run(async () =>
        {
            string? problem = null;
            try
            {
                await _house.Load(name, arriving.Wait.Token);
            }
            catch (OperationCanceledException)
            {
                problem = "";
            }
            catch (Exception e)
            {
                // Whatever it was, the person is still here, with the model that they had.
                problem = e is Commands.UserException ? e.Message : $"{e.GetType().Name}: {e.Message}";
            }
            Send(new Happening.Loaded(problem));
        });
    }

    void EndLoading(string? problem)
    {
        if (_arriving is not { } arriving) return;
        _arriving = null;
        arriving.Wait.Dispose();
        if (problem is null)
        {
            (_model, _modelName) = (arriving.Model, arriving.Name);
            _session?.Append(AgentState.Main, new SessionEvent.Resumed(arriving.Name, ByItself: false));
            ShowModel();
        }
        else
        {
            if (problem.Length > 0) _transcript.Note($"! {problem}", Style.Bad);
            _transcript.Note($"It stays {Name(_model.Card)}.");
        }
        if (_left is null) TakeQueued();
    }

    /// <summary>As people know it: of a file, its own name.</summary>
    static string Name(ModelCard card) => !card.Id.StartsWith(LocalFile, StringComparison.Ordinal) ? card.Id
        : Piolet.Is(card.Id[LocalFile.Length..]) ? Piolet.Name : Path.GetFileName(Path.TrimEndingDirectorySeparator(card.Id));

    void ShowModel() => _transcript.Note($"{Name(_model.Card)} at {_model.Card.Origin.Provider}, window {Count(_model.Card.Window)} tokens");

    void ShowModels()
    {
        ShowModel();
        foreach (Listing model in _house.Askable)
            _transcript.Add(Styled.Of(new Piece($"  {string.Join(' ', model.Entry.Aliases.Append(model.Id).Take(2))} ", Style.Accent), new($"at {model.Chosen.Upstream.Name}", Style.Dim)), 4);
        _transcript.Note("/model NAME changes it; these have a key. `baltoro models` lists all, with prices.");
    }

    string Doing(Arriving arriving) => string.Create(CultureInfo.InvariantCulture,
        $"loading {arriving.Name}{(arriving.Share > 0 ? $", {arriving.Share * 100:0} %" : "")}, {Seconds(arriving.Began)} · Esc stops waiting");
}
