/* base/json_fuzz.c: what the reader takes, the writer gives back, and the reader takes again as the same. */
#include "base/json.h"
#include "base/utf8.h"

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* Every promise of the header about a value that was taken. */
static void sound(const struct json_value *v, int depth)
{
    if (depth > JSON_DEPTH_MAX || !utf8_valid(v->text) || !isfinite(v->number))
        abort();
    if (v->type == JSON_TEXT && sv_find(v->text, sv_n("\0", 1), NULL))
        abort();
    for (const struct json_value *c = v->child; c; c = c->next) {
        if (v->type == JSON_OBJECT && json_get(v, c->name) != c)
            abort();                                      /* a name stood twice */
        sound(c, depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct arena *a = arena_new(4096);
    struct json_value v, again;
    const char *why = NULL;

    if (json_read(a, sv_n(p, n), &v, &why)) {
        sound(&v, 1);
        sv text = json_write(a, &v);
        if (!json_read(a, text, &again, NULL) || !sv_equal(json_write(a, &again), text))
            abort();
    } else if (!why) {
        abort();
    }
    arena_free(&a);
    return 0;
}
