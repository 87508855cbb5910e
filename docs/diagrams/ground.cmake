# SPDX-License-Identifier: Apache-2.0
# cmake -DPICTURE=FILE.svg -P ground.cmake
# Puts a white background under a picture with black lines, for dark pages.
file(READ ${PICTURE} text)
string(REGEX REPLACE "(<svg[^>]*>)" "\\1<rect width=\"100%\" height=\"100%\" fill=\"white\" />" text
  "${text}")
file(WRITE ${PICTURE} "${text}")
