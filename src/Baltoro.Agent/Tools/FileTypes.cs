// The kinds of files that Grep knows by name, a part of those that ripgrep knows, under its names.

namespace Baltoro.Agent.Tools;

static class FileTypes
{
    static readonly Dictionary<string, string> Patterns = new()
    {
        ["c"] = "*.{c,h}", ["cmake"] = "{*.cmake,CMakeLists.txt}", ["cpp"] = "*.{cpp,cc,cxx,hpp,hh,hxx,h,inl}", ["cs"] = "*.cs", ["csharp"] = "*.cs",
        ["css"] = "*.{css,scss}", ["dart"] = "*.dart", ["docker"] = "*Dockerfile*", ["elixir"] = "*.{ex,exs,eex}", ["erlang"] = "*.{erl,hrl}",
        ["fsharp"] = "*.{fs,fsx,fsi}", ["go"] = "*.go", ["h"] = "*.{h,hh,hpp}", ["haskell"] = "*.{hs,lhs}", ["html"] = "*.{htm,html,ejs}",
        ["java"] = "*.{java,jsp}", ["js"] = "*.{js,jsx,cjs,mjs,vue}", ["json"] = "*.json", ["jsonl"] = "*.jsonl", ["julia"] = "*.jl", ["kotlin"] = "*.{kt,kts}",
        ["less"] = "*.less", ["lua"] = "*.lua", ["make"] = "{[Mm]akefile*,GNUmakefile,*.{mk,mak}}", ["markdown"] = "*.{md,markdown,mdx}", ["md"] = "*.{md,markdown,mdx}",
        ["msbuild"] = "*.{csproj,fsproj,vbproj,proj,props,targets,sln,slnx}", ["nix"] = "*.nix", ["ocaml"] = "*.{ml,mli}", ["perl"] = "*.{pl,pm,t}", ["php"] = "*.php",
        ["protobuf"] = "*.proto", ["ps"] = "*.{ps1,psm1,psd1}", ["py"] = "*.{py,pyi}", ["python"] = "*.{py,pyi}", ["r"] = "*.{R,r,Rmd}", ["rb"] = "*.{rb,rake,gemspec}", ["ruby"] = "*.{rb,rake,gemspec}",
        ["rst"] = "*.rst", ["rust"] = "*.rs", ["sass"] = "*.{sass,scss}", ["scala"] = "*.{scala,sbt}", ["sh"] = "*.{sh,bash,zsh,ksh}", ["sql"] = "*.sql", ["svelte"] = "*.svelte",
        ["swift"] = "*.swift", ["tf"] = "*.{tf,tfvars}", ["toml"] = "{*.toml,Cargo.lock}", ["ts"] = "*.{ts,tsx,cts,mts}", ["tsx"] = "*.tsx", ["txt"] = "*.txt", ["typescript"] = "*.{ts,tsx,cts,mts}",
        ["vue"] = "*.vue", ["xml"] = "*.{xml,xsd,xsl,xslt}", ["yaml"] = "*.{yaml,yml}", ["zig"] = "*.zig",
    };

    public static string Known => string.Join(", ", Patterns.Keys);

    /// <summary>Null where there is no such kind.</summary>
    public static GlobPattern? Find(string type) => Patterns.TryGetValue(type, out string? pattern) ? GlobPattern.OfGlob(pattern) : null;
}
