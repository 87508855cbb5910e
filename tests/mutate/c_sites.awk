# SPDX-License-Identifier: Apache-2.0
# Places in C sources, formatted by clang-format, where one operator can be replaced by another or
# one call removed; one line each: id, file, line, column, old, new, and the line of the source,
# separated by tabs. The id depends only on the file's name and the line's text, and on how many like it
# precede it, so that other changes leave it as it is.
BEGIN {
  OFS = "\t"
  pairs = " == : != ; != : == ; < : <= ; <= : < ; > : >= ; >= : > ; && : || ; || : && ; + : - ; - : + ; & : | ; | : & ; << : >> ; >> : << ; += : -= ; -= : += ;++:--;--:++;return true:return false;return false:return true;(!:("
  count = split(pairs, list, ";")
  for (i = 32; i < 127; i++) code[sprintf("%c", i)] = i
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
      site(column, pair[1], pair[2])
    }
  }
}
# A whole statement that is a call.
/^    +[a-z_]+\(.*\);$/ { site(match($0, /[a-z]/), substr($0, RSTART), ";") }

function site(column, old, new, text, key, id, k) {
  text = $0
  sub(/^ */, "", text)
  key = FILENAME " " text " " old
  key = key " " ++seen[key] "..." # places that differ little are far apart
  id = 5381
  for (k = 1; k <= length(key); k++) id = (id * 69069 + code[substr(key, k, 1)]) % 4294967291
  printf "%010.0f\t%s\t%d\t%d\t%s\t%s\t%s\n", id, FILENAME, FNR, column, old, new, text
}
