#!/usr/bin/env bash
# Makes the engine's whole table: models with random weights, each build, one thread and two. Usage: bench/engine.sh FOLDER [LAYERS]
# FOLDER gets the models and native builds (about 20 GB with Moonlight's 27 layers, which is what LAYERS is unless said); they are removed again.
set -euo pipefail
folder=$(realpath -m "${1:?a folder for the models}") layers=${2:-27}
cd "$(dirname "$0")/.."
mkdir -p "$folder"
trap 'rm -rf "$folder"/{moonlight,k2,tiny}.gguf "$folder"/*.panels "$folder"/v3 "$folder"/v4' EXIT

dotnet build src/Baltoro.Cli -c Release -v q >&2
dotnet publish src/Baltoro.Cli -c Release -r linux-x64 -v q -o "$folder/v3" >&2
dotnet publish src/Baltoro.Cli -c Release -r linux-x64 -v q -p:IlcInstructionSet=x86-64-v4 -o "$folder/v4" >&2
jit=artifacts/bin/Baltoro.Cli/release/baltoro

say() { printf '\n## %s (load %s)\n' "$*" "$(cut -d' ' -f1 /proc/loadavg)"; }
random() { "$jit" engine random --type q4_0 --out "$folder/$1.gguf" --shape "$@" 2>/dev/null; }
seconds() { local began=$EPOCHREALTIME; "$@" >/dev/null 2>&1; awk "BEGIN { printf \"%.2f s\", $EPOCHREALTIME - $began }"; }

echo "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1), $(nproc) cores, .NET $(dotnet --version), commit $(git rev-parse --short HEAD), $(date +%F)"
random moonlight --layers "$layers"
say "packed and kept, then opened again, each to the first token"
for _ in 1 2 3; do seconds "$jit" engine logits --model "$folder/moonlight.gguf" --tokens 1 --out /dev/null; echo; done
for threads in 1 2; do
    for build in jit v3 v4; do
        baltoro=$jit; [ "$build" = jit ] || baltoro="$folder/$build/baltoro"
        say "moonlight, $layers layers, $build, $threads threads"
        "$baltoro" bench --model "$folder/moonlight.gguf" --threads "$threads" 2>/dev/null
    done
    for simd in avxvnni avx2 vector128; do
        say "moonlight, $layers layers, jit with BALTORO_SIMD=$simd, $threads threads"
        BALTORO_SIMD=$simd "$jit" bench --model "$folder/moonlight.gguf" --threads "$threads" --depths 0 4096 --prompt 64 2>/dev/null
    done
done
rm -f "$folder"/moonlight.*
random k2 --layers 2
for threads in 1 2; do
    say "k2, 2 layers (one dense, one of experts), jit, $threads threads"
    "$jit" bench --model "$folder/k2.gguf" --threads "$threads" --prompt 128 2>/dev/null
done
rm -f "$folder"/k2.*
random tiny --layers 6
say "tiny, 6 layers, jit, 1 thread"
"$jit" bench --model "$folder/tiny.gguf" --no-cache --threads 1 --depths 0 1024 --tokens 400 --prompt 64 --sessions 2 2>/dev/null
