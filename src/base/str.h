/* base/str.h: two strings.
 * `sv` is borrowed: a pointer and a length, not terminated, valid as long as what it points into.
 * `struct str` is being built, in an arena (which keeps the outgrown copies until it is freed) or, with
 * arena NULL, in memory of its own that str_release() gives back. Neither may hold a secret: crypt/secret.h. */
#ifndef ENGAWA_BASE_STR_H
#define ENGAWA_BASE_STR_H

#include "base/arena.h"

typedef struct {
    const char *p;
    size_t n;
} sv;

#define SV(lit)    ((sv){("" lit ""), sizeof(lit) - 1})   /* of a literal */
#define SV_NONE    ((sv){NULL, 0})
#define SV_ARG(s)  (int)(s).n, (s).p                      /* for "%.*s" */

sv   sv_c(const char *s);                                 /* of a C string; NULL gives SV_NONE */
sv   sv_n(const void *p, size_t n);
bool sv_equal(sv a, sv b);
bool sv_equal_nocase(sv a, sv b);                         /* ASCII */
int  sv_compare(sv a, sv b);                              /* bytes, as memcmp, shorter first */
bool sv_starts(sv s, sv with);
bool sv_ends(sv s, sv with);
bool sv_find(sv s, sv what, size_t *at);                  /* `at` may be NULL */
sv   sv_from(sv s, size_t at);                            /* s[at …]; empty beyond the end */
sv   sv_upto(sv s, size_t n);                             /* s[… n - 1] */
sv   sv_trim(sv s);                                       /* blanks, tabs, CR, LF at both ends */
bool sv_cut(sv *rest, char sep, sv *part);                /* next part of a list; false when none is left */
bool sv_int(sv s, int64_t *out);                          /* whole decimal, "-" allowed, no "+", no blanks */
bool sv_id(sv s, id64 *out);                              /* 1 … 2^63 - 1, no leading zero */
sv   sv_dup(struct arena *a, sv s);
char *sv_cstr(struct arena *a, sv s);                     /* terminated copy; cuts at a NUL */
sv   sv_printf(struct arena *a, const char *fmt, ...) PRINTF(2, 3);
uint64_t sv_hash(sv s, uint64_t seed);                    /* for maps, not for security */

struct str {
    struct arena *arena;
    char  *p;
    size_t n, cap;
};

#define STR_IN(a) ((struct str){.arena = (a)})

void str_put(struct str *s, sv add);
void str_c(struct str *s, const char *add);
void str_char(struct str *s, char c);
void str_bytes(struct str *s, const void *p, size_t n);
/* Percent-encoded (RFC 3986): ASCII letters, digits and the characters of `also` stay as they are. */
void str_percent(struct str *s, sv text, const char *also);
void str_int(struct str *s, int64_t n);
void str_printf(struct str *s, const char *fmt, ...) PRINTF(2, 3);
char *str_more(struct str *s, size_t n);                  /* what str_room() does where the room is too small */

/* n writable bytes at the end, then str_grew(). Never NULL, even for no bytes. Here, because answers are made of pieces of few
 * bytes. */
static inline char *str_room(struct str *s, size_t n)
{
    return s->p && s->cap - s->n >= n ? s->p + s->n : str_more(s, n);
}

static inline void str_grew(struct str *s, size_t n)
{
    ENSURE(n <= s->cap - s->n);
    s->n += n;
}

#define DIGITS_ROOM 24                                    /* what digits_put() may write over */
char *digits_put(char *to, int64_t n);                    /* decimal; returns the end: at most 20 characters behind `to` */
void str_drop(struct str *s, size_t n);                   /* forgets the first n bytes */
void str_reset(struct str *s);                            /* empty, memory kept */
void str_release(struct str *s);                          /* only arena NULL frees */
sv   str_sv(const struct str *s);

#endif
