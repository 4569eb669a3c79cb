// What the system's wishes to stop mean to a run: Ctrl-C politely and then at once, an end of the session at once. It refuses to know what stops.

using System.Runtime.InteropServices;
using Baltoro.Agent.Loop;

namespace Baltoro.Cli;

/// <summary>Listens until it is disposed; the process does not end of a signal meanwhile.</summary>
sealed class StopSignals : IDisposable
{
    readonly PosixSignalRegistration[] _registrations;

    /// <param name="told">Where a person learns what Ctrl-C did.</param>
    public StopSignals(Interruption interruption, TextWriter told) => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            if (!interruption.IsAsked) told.WriteLine("Stopping after the current reply or tool. Ctrl-C again stops at once.");
            interruption.Ask();
        }),
        .. ((PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGHUP]).Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            interruption.AskAtOnce();
        })),
    ];

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
    }
}
