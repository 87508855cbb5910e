#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# refuses.sh TEXT COMMAND...: passes when the command fails and says TEXT.
text=$1
shift
if said=$("$@" 2>&1); then
  echo "FAIL: accepted"
  exit 1
fi
case $said in
*"$text"*) exit 0 ;;
esac
echo "$said"
echo "FAIL: refused without a word of $text"
exit 1
