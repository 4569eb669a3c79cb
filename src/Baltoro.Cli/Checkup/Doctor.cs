// Everything that is looked at, in the order in which it is shown. It refuses to mend anything.

using Baltoro.Chat;
using Baltoro.Cli.Commands;
using Baltoro.Models;

namespace Baltoro.Cli.Checkup;

static class Doctor
{
    /// <param name="file">From <c>--config</c>.</param>
    public static async Task<Sequence<Finding>> Examine(Surroundings around, string? file, TimeProvider clock, CancellationToken cancellation)
    {
        ConfigurationSources sources;
        try
        {
            sources = ConfigurationLoading.Sources(around, file);
        }
        catch (UserException e)
        {
            return [new Finding.Wrong("configuration", e.Message, "name a file that can be read"), .. StateChecks.Folder(around), .. await ClientChecks.Installed(around, cancellation)];
        }
        if (Configuration.Read(sources) is not Configuration.Valid { Settings: var settings })
        {
            Configuration.Invalid invalid = (Configuration.Invalid)Configuration.Read(sources);
            return
            [
                .. invalid.Problems.Select(problem => new Finding.Wrong("configuration", $"{problem.At}: {problem.Found}", $"expected is {problem.Expected}")),
                .. StateChecks.Folder(around), .. await ClientChecks.Installed(around, cancellation),
            ];
        }
        return
        [
            new Finding.Good("configuration", Files(sources)),
            .. ModelChecks.Keys(settings),
            .. ModelChecks.Default(settings, around),
            .. await UpstreamChecks.Reach(settings, clock, cancellation),
            ModelChecks.Catalogue(settings, around),
            .. await GatewayChecks.AtHand(settings, around, cancellation),
            .. StateChecks.Folder(around),
            .. StateChecks.Prefixes(settings),
            .. await LedgerChecks.Opens(settings, around, cancellation),
            .. await ClientChecks.Installed(around, cancellation),
        ];
    }

    static string Files(ConfigurationSources sources) =>
        string.Join(" and ", new[] { sources.User?.Path, sources.Project?.Path }.Where(path => path is not null)) is { Length: > 0 } read ? $"{read}: valid" : "no file; the defaults stand";
}
