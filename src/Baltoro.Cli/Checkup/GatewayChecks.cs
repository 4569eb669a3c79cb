// Whether a gateway runs where the configuration says, and is one that clients of this configuration can use.

using Baltoro.Cli.Commands;
using Baltoro.Cli.Launching;
using Baltoro.Models;

namespace Baltoro.Cli.Checkup;

static class GatewayChecks
{
    public static async Task<IEnumerable<Finding>> AtHand(Settings settings, Surroundings around, CancellationToken cancellation) =>
        [await GatewayAtHand.Look(settings, around.GatewayKey, cancellation) switch
        {
            GatewayAtHand.Running running when running.Version != Product.Version =>
                new Finding.Note("gateway", $"version {running.Version} runs on {running.Url}, this is {Product.Version}", "start it again"),
            GatewayAtHand.Running running => new Finding.Good("gateway", $"runs on {running.Url}, {running.Models.Count} models"),
            GatewayAtHand.Locked locked => new Finding.Note("gateway", $"runs on {locked.Url} and asks for a key", "set BALTORO_KEY to one that `baltoro keys add` made"),
            GatewayAtHand.Stranger stranger => new Finding.Wrong("gateway", $"on {stranger.Url} listens {stranger.What}", "baltoro serve --port N, or \"port\" in the configuration"),
            _ => new Finding.Note("gateway", $"none runs on {GatewayAtHand.Address(settings)}", "baltoro serve; baltoro claude brings its own"),
        }];
}
