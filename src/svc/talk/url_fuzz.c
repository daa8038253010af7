/* svc/talk/url_fuzz.c: each address stands in the text behind the one before, says where it leads, and ends where one ends. */
#include "base/utf8.h"
#include "svc/talk/url.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    sv text = sv_n(p, n), url;
    const char *end = text.p;
    bool any = false;

    if (!utf8_valid(text))
        return 0;
    for (size_t at = 0; talk_url_next(text, &at, &url); any = true) {
        if (url.p < end || url.p + url.n > text.p + at || at > text.n || url.n < 8 || !utf8_valid(url))
            abort();
        if (!(sv_starts(url, SV("http://")) || sv_starts(url, SV("https://"))) || sv_find(url, SV(" "), NULL) || sv_ends(url, SV(".")))
            abort();
        end = url.p + url.n;
    }
    if (any != (talk_linked(MESSAGE_TEXT, text) != 0))
        abort();
    return 0;
}
