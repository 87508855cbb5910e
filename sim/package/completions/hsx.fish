# SPDX-License-Identifier: Apache-2.0
# fish: the commands and options that hsx's own --help names, and files.
function __hsx_commands
    hsx --help 2>/dev/null | sed -n '/^Commands:/,/^$/s/^  \([a-z_]*\)  *\(.*\)/\1\t\2/p'
end
function __hsx_options
    set -l line (commandline -opc)
    test (count $line) -ge 2; and hsx help $line[2] 2>/dev/null | grep -o -e '--[a-z][a-z-]*' | sort -u
end
complete -c hsx -n 'test (count (commandline -opc)) -eq 1' -f -a '(__hsx_commands)'
complete -c hsx -n 'test (count (commandline -opc)) -ge 2; and string match -q -- "-*" (commandline -ct)' -f -a '(__hsx_options)'
