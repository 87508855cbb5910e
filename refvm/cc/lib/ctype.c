// SPDX-License-Identifier: Apache-2.0
#include <ctype.h>

static int between(int c, int first, int last)
{
    return (unsigned)c - (unsigned)first <= (unsigned)last - (unsigned)first;
}

int isdigit(int c)
{
    return between(c, '0', '9');
}

int islower(int c)
{
    return between(c, 'a', 'z');
}

int isupper(int c)
{
    return between(c, 'A', 'Z');
}

int isalpha(int c)
{
    return between(c | 0x20, 'a', 'z');
}

int isalnum(int c)
{
    return isalpha(c) || isdigit(c);
}

int isblank(int c)
{
    return c == ' ' || c == '\t';
}

int iscntrl(int c)
{
    return between(c, 0, 0x1F) || c == 0x7F;
}

int isgraph(int c)
{
    return between(c, 0x21, 0x7E);
}

int isprint(int c)
{
    return between(c, 0x20, 0x7E);
}

int ispunct(int c)
{
    return isgraph(c) && !isalnum(c);
}

int isspace(int c)
{
    return c == ' ' || between(c, '\t', '\r');
}

int isxdigit(int c)
{
    return isdigit(c) || between(c | 0x20, 'a', 'f');
}

int tolower(int c)
{
    return isupper(c) ? c + 0x20 : c;
}

int toupper(int c)
{
    return islower(c) ? c - 0x20 : c;
}
