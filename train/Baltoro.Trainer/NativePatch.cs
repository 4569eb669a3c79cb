// Makes TorchSharp's native library load where the C++ runtime is older than the one it was built with. Knows no tensors.

using System.Buffers.Binary;
using System.Text;

namespace Baltoro.Trainer;

/// <summary>
/// libLibTorchSharp.so of TorchSharp 0.107.0 asks for one symbol of GLIBCXX_3.4.32, <c>std::ios_base_library_init()</c>, which Debian 12 (GLIBCXX_3.4.30) does
/// not have. It does nothing but set up the standard streams, which compilers before GCC 13 did by constructing <c>std::ios_base::Init</c>. So the import is
/// turned to that constructor, of version GLIBCXX_3.4, in the copy that lies beside the executable. Layout: ELF-64 and the GNU symbol versioning of the LSB.
/// </summary>
static class NativePatch
{
    const string Missing = "_ZSt21ios_base_library_initv", Present = "_ZNSt8ios_base4InitC1Ev";
    const string Newer = "GLIBCXX_3.4.32", Older = "GLIBCXX_3.4";
    const int SymbolBytes = 24, SectionDynamicSymbols = 11, SectionVersions = 0x6fffffff, SectionVersionNeeds = 0x6ffffffe;

    /// <summary>Patches the library beside the executable, once. To be called before anything of TorchSharp is.</summary>
    /// <exception cref="InvalidOperationException">The library asks for something else of that version.</exception>
    public static void Apply()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so");
        if (!OperatingSystem.IsLinux() || !File.Exists(path)) return;
        byte[] image = File.ReadAllBytes(path);
        if (!Patch(image)) return;
        // Another process may have the file mapped: it keeps the old one.
        File.WriteAllBytes(path + ".patched", image);
        File.Move(path + ".patched", path, overwrite: true);
    }

    static bool Patch(byte[] image)
    {
        long symbols = 0, symbolsSize = 0, texts = 0, versions = 0, needs = 0;
        long sections = Long(0x28);
        int sectionBytes = Short(0x3a), count = Short(0x3c);
        for (int i = 0; i < count; i++)
        {
            long at = sections + (long)i * sectionBytes;
            switch ((int)Int(at + 4))
            {
                case SectionDynamicSymbols:
                    (symbols, symbolsSize) = (Long(at + 24), Long(at + 32));
                    texts = Long(sections + Int(at + 40) * sectionBytes + 24);
                    break;
                case SectionVersions:
                    versions = Long(at + 24);
                    break;
                case SectionVersionNeeds:
                    needs = Long(at + 24);
                    break;
            }
        }
        var (newer, older) = FindNeeds();
        if (newer == 0) return false;
        int newerIndex = Short(newer + 6), olderIndex = Short(older + 6);
        for (long at = symbols, i = 0; at < symbols + symbolsSize; at += SymbolBytes, i++)
        {
            if (Short(versions + 2 * i) != newerIndex) continue;
            long name = texts + Int(at);
            if (Text(name) != Missing) throw new InvalidOperationException($"libLibTorchSharp.so needs {Text(name)} of {Newer}; {Missing} alone was expected.");
            Encoding.ASCII.GetBytes(Present + "\0").CopyTo(image, (int)name);
            BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan((int)(versions + 2 * i)), (ushort)olderIndex);
        }
        // The version that nothing needs any more is still asked for by its entry: let that name the older one, too.
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan((int)newer), Hash(Older));
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan((int)newer + 8), Int(older + 8));
        return true;

        (long Newer, long Older) FindNeeds()
        {
            long foundNewer = 0, foundOlder = 0;
            for (long need = needs; ; need += Int(need + 12))
            {
                long entry = need + Int(need + 8);
                for (int k = Short(need + 2); k > 0; k--, entry += Int(entry + 12))
                {
                    string name = Text(texts + Int(entry + 8));
                    if (name == Newer) foundNewer = entry;
                    else if (name == Older) foundOlder = entry;
                }
                if (Int(need + 12) == 0) return (foundNewer, foundOlder);
            }
        }

        int Short(long at) => BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan((int)at));
        uint Int(long at) => BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan((int)at));
        long Long(long at) => BinaryPrimitives.ReadInt64LittleEndian(image.AsSpan((int)at));
        string Text(long at) => Encoding.ASCII.GetString(image, (int)at, Array.IndexOf(image, (byte)0, (int)at) - (int)at);
    }

    /// <summary>The hash of version names, of the System V ABI.</summary>
    static uint Hash(string name)
    {
        uint hash = 0;
        foreach (char c in name)
        {
            hash = (hash << 4) + c;
            uint high = hash & 0xf0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }
        return hash;
    }
}
