// Configurations as tests write them: a text for each file, pairs for the environment.

using Baltoro.Chat;
using Baltoro.Models.Reading;

namespace Baltoro.Models.Tests;

static class Configured
{
    public static readonly DateOnly Today = new(2026, 11, 23);

    public static ConfigurationSources With(string? user = null, string? project = null, params (string Name, string Value)[] environment) => new()
    {
        User = user is null ? null : new("user.json", user),
        Project = project is null ? null : new("project.json", project),
        Environment = environment.ToDictionary(variable => variable.Name, variable => variable.Value),
        Today = Today,
    };

    public static Settings Settings(string? user = null, string? project = null, params (string Name, string Value)[] environment) =>
        Settings(With(user, project, environment));

    public static Settings Settings(ConfigurationSources sources) => Models.Configuration.Read(sources) switch
    {
        Models.Configuration.Valid valid => valid.Settings,
        var invalid => throw new Xunit.Sdk.XunitException($"{invalid}"),
    };

    public static Settings Keys(params string[] variables) => Settings(null, null, [.. variables.Select(name => (name, "sk-test"))]);

    public static Target Found(this Settings settings, string name) => settings.Models.Find(name) switch
    {
        Lookup<Target>.Found found => found.Value,
        var other => throw new Xunit.Sdk.XunitException($"{other}"),
    };

    /// <summary><c>upstream:model</c> as it will be asked.</summary>
    public static string Asked(this Settings settings, string name) =>
        settings.Found(name).Card.Origin is var origin ? $"{origin.Provider}:{origin.Model}" : "";

    /// <summary>Everything that is wrong, a line for each.</summary>
    public static string Complaints(string? user = null, string? project = null, params (string Name, string Value)[] environment) =>
        Models.Configuration.Read(With(user, project, environment)) switch
        {
            Models.Configuration.Invalid invalid => string.Join("\n", invalid.Problems),
            _ => "",
        };
}
