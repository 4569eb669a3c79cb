#!/usr/bin/env bash
# Trains the shipped model from its seed and puts it where the product finds it. Ends where it was when it is stopped and started again.
# Usage: train/piolet.sh [FOLDER]     the folder of the run; artifacts/runs/piolet if none is given
set -euo pipefail
cd "$(dirname "$0")/.."
run=${1:-artifacts/runs/piolet}
dotnet build train/Baltoro.Trainer -c Release -v q
trainer() { OMP_NUM_THREADS=1 artifacts/bin/Baltoro.Trainer/release_linux-x64/Baltoro.Trainer "$@" --vocabulary train/vocabulary.gguf; }
# Of all skills a little at first; then trails alone, and what to decline; in the end the rate falls.
trainer train --run "$run" --seed 1 --tokens 1.73 --step 3072 --passages 2048 --skills Trail=43,Collect=1,Rename=1,Header=1,Todos=1,Decline=1
trainer train --run "$run" --tokens 2.31 --step 4096 --passages 2048 --skills Trail=46,Decline=2
trainer train --run "$run" --tokens 3.6 --decay 1.29 --step 4096 --passages 2048 --skills Trail=46,Decline=2
trainer examine --from "$run/checkpoint" --rows 400
trainer export --from "$run/checkpoint" --out src/Baltoro.Cli/piolet.gguf
