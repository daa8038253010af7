/* base/plain.c: blanks and what is no plain text. */
#include "base/plain.h"
#include "base/utf8.h"

bool is_blank(uint32_t c)
{
    return c == ' ' || (c >= 0x09 && c <= 0x0D) || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200B) ||
           c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF ||
           c == 0x180E || c == 0x2060 || c == 0x2800 || c == 0x3164 || c == 0xFFA0;   /* seen as nothing, too */
}

sv text_trim(sv text)
{
    size_t at = 0, begin = text.n, end = 0;
    uint32_t c;

    for (size_t from = 0; utf8_next(text, &at, &c); from = at) {
        if (is_blank(c))
            continue;
        if (begin == text.n)
            begin = from;
        end = at;
    }
    return end ? sv_upto(sv_from(text, begin), end - begin) : SV("");
}

bool text_plain(sv text)
{
    size_t at = 0;
    uint32_t c;

    while (utf8_next(text, &at, &c))
        if (c < 0x20 || (c >= 0x7F && c <= 0x9F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069))
            return false;
    return true;
}

bool text_word(sv *rest, sv *word)
{
    size_t at = 0, end = 0;
    uint32_t c;

    *rest = text_trim(*rest);
    while (utf8_next(*rest, &at, &c) && !is_blank(c))
        end = at;
    *word = sv_upto(*rest, end);
    *rest = sv_from(*rest, end);
    return word->n > 0;
}
