#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What bash completes after the program's name, a command, and an option's first letters.
. "$(dirname "$0")/common.sh" "$@"
. "$tree/share/bash-completion/completions/hsx"
hsx=$tree/bin/hsx

complete_as() {
  COMP_WORDS=("$hsx" "$@")
  COMP_CWORD=$#
  COMPREPLY=()
  _hsx
  echo "${COMPREPLY[*]}"
}

touch image.hxe
[ "$(complete_as co)" = "cosim conform" ] || fail "commands: $(complete_as co)"
[ "$(complete_as help sh)" = shell ] || fail "help: $(complete_as help sh)"
[ "$(complete_as run --tic)" = --tick-steps ] || fail "options: $(complete_as run --tic)"
[ "$(complete_as run im)" = image.hxe ] || fail "files: $(complete_as run im)"
