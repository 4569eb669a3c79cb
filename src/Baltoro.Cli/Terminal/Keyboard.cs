// Reads the terminal's bytes as they come and hands on keys; it refuses to know who wants them.

namespace Baltoro.Cli.Terminal;

static class Keyboard
{
    /// <summary>How long an escape byte may stand alone before it is the key of that name. Terminals send sequences at once, also over a network.</summary>
    static readonly TimeSpan Alone = TimeSpan.FromMilliseconds(40);

    /// <summary>Runs until the input ends or the token is cancelled.</summary>
    public static async Task Listen(Stream input, Action<Key> press, CancellationToken cancellation)
    {
        KeyParser parser = new();
        List<Key> keys = [];
        byte[] bytes = new byte[4096];
        while (!cancellation.IsCancellationRequested)
        {
            // A read from a terminal blocks its thread and cannot be cancelled: it ends with the process.
            Task<int> read = Task.Run(() => input.Read(bytes), CancellationToken.None);
            if (parser.IsWaiting && await Task.WhenAny(read, Task.Delay(Alone, cancellation)) != read)
            {
                parser.Pause(keys);
                Hand();
            }
            int count = await read.WaitAsync(cancellation);
            if (count == 0) return;
            parser.Read(bytes.AsSpan(0, count), keys);
            Hand();
        }

        void Hand()
        {
            foreach (Key key in keys) press(key);
            keys.Clear();
        }
    }
}
