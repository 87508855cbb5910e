#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#SBATCH --job-name=hsx-campaign
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --output=/dev/null
#
# One part of a campaign as an element of a job array of Slurm. From the top of the project, with a
# folder DIR that all machines share:
#
#   sbatch --array=0-1999 tests/campaign/slurm.sh "$PWD" DIR FIRST [CORE]
#
# runs 2000 parts of 500 programs, the first with the seed FIRST, and
# tests/campaign/report.sh DIR prints the result. To complete what ended early, submit the
# same command again: finished parts end at once.
set -eu
project=$1 dir=$2 first=$3 core=${4:-verilator}
size=${HSX_PART:-500}
exec "$project/tests/campaign/part.sh" "$project/build/release/hsx" "$dir" "$core" \
  $((first + size * SLURM_ARRAY_TASK_ID)) "$size" "${SLURM_CPUS_PER_TASK:-1}"
