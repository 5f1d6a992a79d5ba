#!/bin/sh
# The main job, end to end: run by `make demo`, with the path of the triquetra command.
set -eu
triquetra=${1:-triquetra}
say() { printf '\n\033[1m$ triquetra %s\033[0m\n' "$*" | if [ -t 1 ]; then cat; else sed 's/\x1b\[[0-9;]*m//g'; fi; "$triquetra" "$@"; }

say show @increment
say run @increment --input 1011 --form all --dense
say agree @busy-beaver-4 --tape synaptic --cells 64
say run @busy-beaver-5 --form network
say explain @increment state:carry
say verify @increment
