/* net/clamd.c: reads and writes clamd's words. */
#include "net/clamd.h"

void clamd_length(unsigned char out[4], size_t n)
{
    for (int i = 0; i < 4; i++)
        out[i] = (unsigned char)(n >> (24 - 8 * i));
}

/* For a log and the console: whatever it is, it is short and does nothing there. */
static sv plain(struct arena *a, sv text)
{
    struct str out = STR_IN(a);

    for (size_t i = 0; i < text.n && out.n < CLAMD_NAME_MAX; i++)
        str_char(&out, text.p[i] >= ' ' && text.p[i] < 127 ? text.p[i] : '?');
    return str_sv(&out);
}

static bool cut_end(sv *text, sv end)
{
    if (text->n < end.n || !sv_equal(sv_from(*text, text->n - end.n), end))
        return false;
    *text = sv_upto(*text, text->n - end.n);
    return true;
}

/* Names by which it says that it has not seen everything: no malware, and not clean either. */
static bool not_seen(sv name)
{
    return sv_starts(name, SV("Heuristics.Limits.Exceeded")) || sv_starts(name, SV("Heuristics.Encrypted"));
}

enum clamd_word clamd_answer(struct arena *a, sv text, sv *name)
{
    const sv stream = SV("stream: ");

    *name = plain(a, text);
    if (cut_end(&text, SV(" ERROR")))
        return CLAMD_CANNOT;
    if (!sv_starts(text, stream))
        return CLAMD_STRANGE;
    text = sv_from(text, stream.n);
    if (sv_equal(text, SV("OK")))
        return CLAMD_OK;
    if (!cut_end(&text, SV(" FOUND")) || text.n == 0)
        return CLAMD_STRANGE;
    *name = plain(a, text);
    return not_seen(text) ? CLAMD_CANNOT : CLAMD_FOUND;
}

sv clamd_version(struct arena *a, sv text)
{
    return sv_starts(text, SV("ClamAV ")) ? sv_trim(plain(a, text)) : SV("");
}
