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
trainer train --run "$run" --tokens 97 --rate 2e-3 --step 4096 --passages 2048 --skills Trail=26,Collect=6,Rename=6,Header=4,Todos=6,Decline=1
trainer train --run "$run" --tokens 112 --decay 15 --rate 2e-3 --step 4096 --passages 2048 --skills Trail=30,Collect=6,Rename=6,Header=3,Todos=5,Decline=1
trainer train --run "$run" --tokens 156 --decay 35 --rate 1.6e-3 --step 4096 --passages 2048 --skills Trail=30,Collect=6,Rename=6,Header=4,Todos=6,Decline=1
trainer train --run "$run" --tokens 194 --decay 38 --rate 1.5e-3 --step 4096 --passages 2048 --skills Trail=26,Collect=8,Rename=6,Header=4,Todos=7,Decline=1
trainer train --run "$run" --tokens 198.5 --decay 4.5 --rate 4e-4 --step 4096 --passages 2048 --skills Trail=22,Collect=8,Rename=5,Header=10,Todos=6,Decline=1
trainer train --run "$run" --tokens 204.5 --decay 6 --rate 5e-4 --step 4096 --passages 2048 --skills Trail=34,Collect=7,Rename=3,Header=5,Todos=5,Decline=1
trainer train --run "$run" --tokens 236.5 --decay 32 --rate 1.2e-3 --step 4096 --passages 2048 --skills Trail=34,Collect=7,Rename=3,Header=5,Todos=6,Decline=1
trainer examine --from "$run/checkpoint" --rows 400
trainer export --from "$run/checkpoint" --out src/Baltoro.Cli/piolet.gguf
