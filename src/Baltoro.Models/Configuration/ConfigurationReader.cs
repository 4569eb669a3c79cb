// Reads a configuration: merges its sources, checks every word of them, and answers with settings or with everything that is wrong.

using System.Globalization;
using Baltoro.Chat;
using Baltoro.Models.Reading;

namespace Baltoro.Models;

/// <summary>The outcome of reading a configuration.</summary>
public abstract record Configuration
{
    private Configuration() { }

    public sealed record Valid(Settings Settings) : Configuration;

    /// <param name="Problems">All of them, at least one.</param>
    public sealed record Invalid(Sequence<Problem> Problems) : Configuration
    {
        public override string ToString() => string.Join(Environment.NewLine, Problems);
    }

    /// <summary>
    /// Merges member by member, each over the one before: built-in upstreams, the user's file, the project's file, environment, flags.
    /// A missing <c>${NAME}</c> is no problem here: the upstream that needs it is without a key.
    /// </summary>
    public static Configuration Read(ConfigurationSources sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        List<Problem> problems = [];
        Settings settings = new ConfigurationReader(sources, problems).Read();
        return problems.Count == 0 ? new Valid(settings) : new Invalid(problems.Distinct().ToSequence());
    }
}

sealed class ConfigurationReader(ConfigurationSources sources, List<Problem> problems)
{
    const int UsualGigabytes = 10;
    const string HostExpected = "a host name or an address";

    public Settings Read()
    {
        Node.Object catalogue = CatalogueUpdate.Over(Catalogue.BuiltInNodes, sources.Learnt, problems);
        Node.Object vendors = new(catalogue.At, [new("upstreams", catalogue["upstreams"]!)]);
        Node.Object builtIn = Expanded(vendors);
        Node.Object user = Parsed(sources.User), project = Parsed(sources.Project);
        ProjectRules.Check(project, Node.Over(user, builtIn), problems);
        PermissionWords permissions = AgentReader.Permissions(user, project, problems);
        Sequence<ServerWords> servers = AgentReader.Servers(user, problems);
        Node.Object merged = Node.Layered(builtIn, Expanded(user.Without(AgentReader.Members)), Expanded(project.Without(AgentReader.Members)), FromEnvironment(), FromFlags());

        Fields root = new(merged, problems);
        string? host = root.Text("host"), chosen = root.Text("default");
        int? port = root.Count("port", 0, 65535);
        bool? nudges = root.Flag("loopNudges");
        string? ledger = ReadAddress(root, "ledger", true, "postgres", "postgresql"), shared = ReadAddress(root, "shared", false, "redis", "rediss");
        if (host is not null && Uri.CheckHostName(host) == UriHostNameType.Unknown) root.Complain(root.Source["host"]!.At, $"\"{host}\"", HostExpected);
        Sequence<string> folders = ReadFolders(root);
        PrefixesOnDisk? prefixes = root.Object("prefixes") is { } kept ? ReadPrefixes(kept) : null;
        Sequence<Upstream> upstreams = root.Named("upstreams").Select(UpstreamReader.Read).OfType<Upstream>().ToSequence();
        Node.Object models = root.Object("models")?.Source ?? new(merged.At, []);
        CatalogueReader reader = new(catalogue, models, CatalogueReader.Part(merged, "upstreams"), problems);
        Sequence<Route> routes = ReadRoutes(root);
        // Read above, and known as keys all the same.
        foreach (string member in AgentReader.Members) _ = root[member];
        root.Close();
        ModelDirectory directory = new(reader.Read(), reader, upstreams, routes, chosen, sources.Today);
        CheckNames(root, directory, routes);
        return new Settings
        {
            Host = host ?? "127.0.0.1", Port = port ?? 8611, Default = chosen, Upstreams = upstreams, Routes = routes, Models = directory,
            LoopNudges = nudges ?? true, Ledger = ledger, Shared = shared, Permissions = permissions, McpServers = servers, LocalFolders = folders, Prefixes = prefixes,
            SecretVariables = SecretVariables.In([vendors, user, project], upstreams.Select(upstream => upstream.Key), sources.Environment),
        };
    }

    /// <summary>A URL may hold a password: a complaint does not show it.</summary>
    static string? ReadAddress(Fields root, string name, bool takesFile, params string[] schemes)
    {
        if (root.Secret(name) is not { } node) return null;
        if (node is Node.Text { Value: { Length: > 0 } address }
            && (address.Contains("://", StringComparison.Ordinal)
                ? Uri.TryCreate(address, UriKind.Absolute, out Uri? url) && schemes.Contains(url.Scheme) && url.Host.Length > 0
                : takesFile)) return address;
        root.Complain(node.At, node is Node.Unset ? node.Shown : "something else", $"{(takesFile ? "a file's path, or " : "")}{schemes[0]}://USER:PASSWORD@HOST/{(takesFile ? "DATABASE" : "NUMBER")}");
        return null;
    }

    static Sequence<string> ReadFolders(Fields root)
    {
        List<string> folders = [];
        foreach (Node.Text folder in root.Texts("localFolders") ?? [])
            if (Path.IsPathFullyQualified(folder.Value)) folders.Add(folder.Value);
            else root.Complain(folder.At, folder.Shown, "the absolute path of a folder");
        return folders.ToSequence();
    }

    static PrefixesOnDisk? ReadPrefixes(Fields prefixes)
    {
        const string Expected = "the absolute path of a folder";
        string? folder = prefixes.Text("folder");
        int? gigabytes = prefixes.Count("gigabytes", 1, 1_000_000);
        prefixes.Close();
        if (folder is null && prefixes.Source["folder"] is null or Node.Null) prefixes.Complain(prefixes.At, "no \"folder\"", Expected);
        else if (folder is not null && !Path.IsPathFullyQualified(folder)) prefixes.Complain(prefixes.Source["folder"]!.At, prefixes.Source["folder"]!.Shown, Expected);
        return folder is null ? null : new(folder, (gigabytes ?? UsualGigabytes) * 1_000_000_000L);
    }

    Node.Object Parsed(ConfigurationFile? file) =>
        file is null ? new(default, []) : NodeParser.Parse(file.Path, file.Text, problems) ?? new(new(file.Path, 0, ""), []);

    Node.Object Expanded(Node.Object node) => Expansion.Expand(node, sources.Environment, problems);

    Node.Object FromEnvironment() => Layer([
        ("host", Text("BALTORO_HOST", Variable("BALTORO_HOST"))),
        ("default", Text("BALTORO_DEFAULT", Variable("BALTORO_DEFAULT"))),
        // A number if it is one; else a text, so that the complaint shows it.
        ("port", Variable("BALTORO_PORT") is not { } port ? null
            : port.All(char.IsAsciiDigit) ? new Node.Number(new("BALTORO_PORT", 0, ""), port) : Text("BALTORO_PORT", port))]);

    Node.Object FromFlags() => Layer([
        ("host", Text("--host", sources.Host)),
        ("default", Text("--default", sources.Default)),
        ("port", sources.Port is { } port ? new Node.Number(new("--port", 0, ""), port.ToString(CultureInfo.InvariantCulture)) : null)]);

    static Node.Object Layer(IEnumerable<(string Name, Node? Value)> members) =>
        new(default, members.Where(member => member.Value is not null).Select(member => new Member(member.Name, member.Value!)).ToSequence());

    static Node.Text? Text(string source, string? value) => value is null ? null : new(new(source, 0, ""), value);

    string? Variable(string name) => sources.Environment.TryGetValue(name, out string? value) && value.Length > 0 ? value : null;

    static Sequence<Route> ReadRoutes(Fields root)
    {
        if (root.Object("routes") is not { } map) return [];
        List<Route> routes = [];
        foreach (Member member in map.Members)
        {
            if (map.Texts(member.Name) is not { } models) continue;
            if (models.IsEmpty) map.Complain(member.Value.At, "an empty list", "at least one model");
            else routes.Add(new(member.Name, models.Select(model => model.Value).ToSequence()));
        }
        return routes.ToSequence();
    }

    /// <summary>Names in the configuration must mean something, now and not only when a request comes.</summary>
    static void CheckNames(Fields root, ModelDirectory directory, Sequence<Route> routes)
    {
        if (root.Source["default"] is Node.Text chosen && directory.Find(chosen.Value) is not Lookup<Target>.Found)
            root.Complain(chosen.At, chosen.Shown, Expected(directory, chosen.Value));
        if (root.Source["routes"] is not Node.Object map) return;
        foreach (Member member in map.Members)
        {
            foreach (Node.Text model in new Fields(map, []).Texts(member.Name) ?? [])
            {
                if (directory.FindModel(model.Value) is Lookup<Target>.Found) continue;
                bool isRoute = routes.Any(route => route.Name.Equals(model.Value, StringComparison.OrdinalIgnoreCase));
                root.Complain(model.At, model.Shown, isRoute ? "a model; routes do not nest" : Expected(directory, model.Value));
            }
        }
    }

    static string Expected(ModelDirectory directory, string name) => directory.Find(name) switch
    {
        Lookup<Target>.Unknown { Nearest: [var nearest, ..] } => $"a model; the nearest is \"{nearest}\"",
        Lookup<Target>.Ambiguous ambiguous => $"one of {string.Join(", ", ambiguous.Candidates)}",
        _ => "a model",
    };
}
