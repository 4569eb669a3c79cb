// What the user wants, as immutable values; it refuses to know in which file or variable he said it.

using Baltoro.Chat;

namespace Baltoro.Models;

/// <summary>The whole configuration, valid.</summary>
public sealed record Settings
{
    /// <summary>The address on which the gateway listens.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The height of K2 in metres; zero for any free port.</summary>
    public int Port { get; init; } = 8611;

    /// <summary>What the model name <c>baltoro</c> means; null for the first model for which there is a key.</summary>
    public string? Default { get; init; }

    /// <summary>In the order of preference for models served at several.</summary>
    public Sequence<Upstream> Upstreams { get; init; }

    public Sequence<Route> Routes { get; init; }

    /// <summary>Whether a model that makes the same call again and again is told so.</summary>
    public bool LoopNudges { get; init; } = true;

    /// <summary>Where requests are written down: a file, relative to the state folder, or a URL of PostgreSQL; null for the usual file. May hold a password.</summary>
    public string? Ledger { get; init; }

    /// <summary>A URL of a Redis-protocol server that several gateways share; null for none. May hold a password.</summary>
    public string? Shared { get; init; }

    /// <summary>For the agent.</summary>
    public PermissionWords Permissions { get; init; } = PermissionWords.None;

    /// <summary>For the agent.</summary>
    public Sequence<ServerWords> McpServers { get; init; }

    /// <summary>Names of environment variables that may have something secret in them, because the configuration names them or they hold a key: nothing that a model has run should get them.</summary>
    public Sequence<string> SecretVariables { get; init; }

    /// <summary>Absolute paths of folders whose model files clients of the gateway may name.</summary>
    public Sequence<string> LocalFolders { get; init; }

    /// <summary>Where what model files remember of the beginnings of conversations is kept for later processes; null for nowhere.</summary>
    public PrefixesOnDisk? Prefixes { get; init; }

    public required ModelDirectory Models { get; init; }
}

/// <param name="Folder">Absolute; need not exist.</param>
/// <param name="Bytes">The most that its files may take.</param>
public sealed record PrefixesOnDisk(string Folder, long Bytes);

/// <summary>Models to try in order, under one name.</summary>
public sealed record Route(string Name, Sequence<string> Models);

/// <summary>Someone who serves models.</summary>
public sealed record Upstream
{
    public required string Name { get; init; }

    /// <summary>The base URL, without a slash at the end. Holds no credentials.</summary>
    public required Uri Url { get; init; }

    public required WireFormat Format { get; init; }

    public required Key Key { get; init; }

    /// <summary>True for the vendors that come with the program, wherever their address was turned to.</summary>
    public bool IsBuiltIn { get; init; }

    public Limits Limits { get; init; } = new();

    /// <summary>Sent with every request; the values may be secret.</summary>
    public Sequence<Header> Headers { get; init; }

    /// <summary>This machine: its models are files, run in this process. Behind the name <c>local</c> unless the configuration has an upstream of that name.</summary>
    public static Upstream Local { get; } = new() { Name = "local", Url = new("file:///"), Format = WireFormat.OpenAI, Key = Key.NotNeeded.Instance, IsBuiltIn = true };

    /// <summary>Whether a model there is a file on this machine.</summary>
    public bool IsLocal => ReferenceEquals(this, Local);

    /// <summary>The URL as <see cref="Origin.Endpoint"/> carries it.</summary>
    public string Endpoint => Url.OriginalString;

    public override string ToString() => Name;
}

/// <summary>How an upstream is paid. Never shows itself.</summary>
public abstract record Key
{
    private Key() { }

    public sealed override string ToString() => this switch
    {
        Missing missing => $"missing: set {missing.Variable}",
        NotNeeded => "not needed",
        _ => "set",
    };

    public sealed record Set(string Secret) : Key;

    /// <summary>The configuration says where it comes from, but nothing is there.</summary>
    /// <param name="Variable">The environment variable to set.</param>
    public sealed record Missing(string Variable) : Key;

    /// <summary>The configuration names none: requests carry none.</summary>
    public sealed record NotNeeded : Key
    {
        public static readonly NotNeeded Instance = new();
    }
}

/// <summary>How long an upstream may take.</summary>
public sealed record Limits
{
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From the request's last byte to the reply's first event.</summary>
    public TimeSpan FirstByte { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Between two events of a reply; pings do not count.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(120);
}
