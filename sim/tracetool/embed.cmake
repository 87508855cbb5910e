# SPDX-License-Identifier: Apache-2.0
# cmake -DIN=FILE -DOUT=FILE.c -DNAME=SYMBOL -P embed.cmake: makes the file a string in C.
file(READ ${IN} digits HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${digits}")
file(WRITE ${OUT} "const unsigned char ${NAME}[] = {${bytes}0};\n")
