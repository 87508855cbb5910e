#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# replay.sh REPLAY WORK COMMAND...: runs COMMAND, which writes recordings WORK/core.*, and REPLAY with them.
set -eu
replay=$1 work=$2
shift 2
rm -rf "$work"
mkdir "$work"
HSX_GATES_RECORD=$work/core "$@"
"$replay" "$work"/core.* && rm -r "$work"
