#!/usr/bin/env bash
# Trains the shipped model from its seed and puts it where the product finds it. Ends where it was when it is stopped and started again.
# Usage: train/piolet.sh [FOLDER]     the folder of the run; artifacts/runs/piolet if none is given
set -euo pipefail
cd "$(dirname "$0")/.."
run=${1:-artifacts/runs/piolet}
dotnet build train/Baltoro.Trainer -c Release -v q
# libtorch makes and frees a hundred thousand tensors a second and code for each shape of product: another allocator (Debian's libtcmalloc-minimal4) and room for all that code make it four times as fast.
malloc=/usr/lib/x86_64-linux-gnu/libtcmalloc_minimal.so.4
[ -e "$malloc" ] || { echo "piolet.sh: there is no $malloc (Debian: libtcmalloc-minimal4), so this takes far longer" >&2; malloc=; }
trainer() {
  LD_PRELOAD=$malloc TCMALLOC_MAX_TOTAL_THREAD_CACHE_BYTES=1073741824 ONEDNN_PRIMITIVE_CACHE_CAPACITY=65536 OMP_NUM_THREADS=1 \
    artifacts/bin/Baltoro.Trainer/release_linux-x64/Baltoro.Trainer "$@" --vocabulary train/vocabulary.gguf
}
# Trails alone, and what to decline; then all skills; in the end the rate falls.
trainer train --run "$run" --seed 1 --tokens 30.75 --step 4096 --passages 2048 --skills Trail=46,Decline=2
trainer train --run "$run" --tokens 49.75 --step 4096 --passages 2048 --skills Trail=26,Collect=5,Rename=5,Header=5,Todos=5,Decline=2
trainer train --run "$run" --tokens 69 --decay 19.25 --step 4096 --passages 2048 --skills Trail=35,Collect=2,Rename=4,Header=2,Todos=3,Decline=2
trainer examine --from "$run/checkpoint" --rows 400
trainer export --from "$run/checkpoint" --out src/Baltoro.Cli/piolet.gguf
