/* role/refusal.c: error bodies and the choice of their language. */
#include "role/refusal.h"

#include "base/json.h"
#include "base/rand.h"

#include <stdio.h>

void ref_new(char ref[REF_CHARS + 1])
{
    snprintf(ref, REF_CHARS + 1, "%012" PRIx64, rand_below(UINT64_C(1) << 48));
}

void refusal_put(struct str *out, enum err e, bool english, const char *ref, const char *field)
{
    const struct err_def *d = err_def(e);
    struct json j = JSON_TO(out);

    json_open(&j, NULL);
    json_open(&j, "error");
    json_text(&j, "code", sv_c(d->code));
    json_text(&j, "message", sv_c(english ? d->en : d->ja));
    json_text(&j, "ref", sv_c(ref));
    if (field)
        json_text(&j, "field", sv_c(field));
    json_close(&j);
    json_close(&j);
}

/* q of "en;q=0.8" in thousandths; 1000 when there is none. */
static int64_t weight(sv params)
{
    sv rest = params, part;
    int64_t whole, q = 1000;

    while (sv_cut(&rest, ';', &part)) {
        part = sv_trim(part);
        if (!sv_starts(part, SV("q=")))
            continue;
        part = sv_from(part, 2);
        q = part.n && part.p[0] == '1' ? 1000 : 0;
        if (q == 0 && part.n > 2 && sv_int(sv_upto(sv_from(part, 2), 3), &whole) && whole >= 0)
            q = part.n == 3 ? whole * 100 : part.n == 4 ? whole * 10 : whole;
    }
    return q;
}

bool language_english(sv accept_language)
{
    int64_t ja = 0, en = 0;
    sv rest = accept_language, part, tag;

    while (sv_cut(&rest, ',', &part)) {
        if (!sv_cut(&part, ';', &tag))
            continue;
        tag = sv_upto(sv_trim(tag), 2);
        int64_t q = weight(part);
        if (sv_equal_nocase(tag, SV("en")) && q > en)
            en = q;
        if (sv_equal_nocase(tag, SV("ja")) && q > ja)
            ja = q;
    }
    return en > ja;
}
