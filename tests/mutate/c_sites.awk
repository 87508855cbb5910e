# SPDX-License-Identifier: Apache-2.0
# Places in C sources, formatted by clang-format, where one operator can be replaced by another or
# one call removed; one line each: file, line, column, old, new, separated by tabs.
BEGIN {
  OFS = "\t"
  pairs = " == : != ; != : == ; < : <= ; <= : < ; > : >= ; >= : > ; && : || ; || : && ; + : - ; - : + ; & : | ; | : & ; << : >> ; >> : << ; += : -= ; -= : += ;++:--;--:++;return true:return false;return false:return true;(!:("
  count = split(pairs, list, ";")
}
FNR == 1 { comment = 0 }
/\/\*/ && !/\*\// { comment = 1 }
comment { if (/\*\//) comment = 0; next }
/^ *#/ || /^ *\/\// || /"/ || /\/\*/ || /_Static_assert/ { next }
{
  for (i = 1; i <= count; i++) {
    split(list[i], pair, ":")
    for (start = 1; at = index(substr($0, start), pair[1]); start = column + length(pair[1])) {
      column = start + at - 1
      print FILENAME, FNR, column, pair[1], pair[2]
    }
  }
}
# A whole statement that is a call.
/^    +[a-z_]+\(.*\);$/ { print FILENAME, FNR, match($0, /[a-z]/), substr($0, RSTART), ";" }
