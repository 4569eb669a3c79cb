// What a project's file may not say: whoever clones a repository must not send his keys to its author, nor give it rights on his machine.

using Baltoro.Models.Reading;

namespace Baltoro.Models;

static class ProjectRules
{
    static readonly string[] Guarded = ["url", "key", "headers", "format"];

    /// <param name="project">As written, its variables not yet replaced.</param>
    /// <param name="trusted">What the user and the program say, as written.</param>
    public static void Check(Node.Object project, Node.Object trusted, List<Problem> problems)
    {
        // It would be a file or a server of the stranger's choice that is written to.
        foreach (string name in (string[])["ledger", "shared"])
            if (project[name] is { } place) problems.Add(new(place.At, "a project that says where requests are written down", "this in your own configuration file"));
        if (project["prefixes"] is { } prefixes)
            problems.Add(new(prefixes.At, "a project that says where conversations are kept", "this in your own configuration file"));
        if (project["localFolders"] is { } folders)
            problems.Add(new(folders.At, "a project that gives files of this machine free", "this in your own configuration file"));
        if (project["permissions"] is Node.Object permissions && permissions["allow"] is { } allowed)
            problems.Add(new(allowed.At, "a project that gives itself rights", "\"ask\" and \"deny\" only; what is allowed stands in your own configuration file"));
        if (project["mcpServers"] is { } servers)
            problems.Add(new(servers.At, "a project that names programs to start", "them in its .mcp.json, about which you are asked, or in your own configuration file"));
        if (project["upstreams"] is not Node.Object upstreams) return;
        foreach (Member upstream in upstreams.Members)
        {
            if (upstream.Value is not Node.Object settings) continue;
            bool known = CatalogueReader.Part(trusted, "upstreams")[upstream.Name] is not null;
            foreach (Member setting in settings.Members)
            {
                if (known && Guarded.Contains(setting.Name))
                    problems.Add(new(setting.Value.At, $"a project that redirects the upstream \"{upstream.Name}\"", "this in your own configuration file"));
                else if (Variable(setting.Value) is { } variable)
                    problems.Add(new(variable.At, "a project that reads an environment variable", "this in your own configuration file"));
            }
        }
    }

    static Node.Text? Variable(Node node) => node switch
    {
        Node.Text text when Expansion.Mentions(text) => text,
        Node.Object map => map.Members.Select(member => Variable(member.Value)).FirstOrDefault(found => found is not null),
        Node.List list => list.Items.Select(Variable).FirstOrDefault(found => found is not null),
        _ => null,
    };
}
