/* svc/file/ticket.c: the bytes of a ticket, and its use. */
#include "svc/file/ticket.h"
#include "base/rand.h"
#include "crypt/hash.h"
#include "svc/file/stored_sql.h"

#define VERSION   2
#define BODY      42                                      /* version, use, session, file, page, end, number */
#define MAC       32

static void put_u64(struct str *s, int64_t n)
{
    for (int i = 56; i >= 0; i -= 8)
        str_char(s, (char)(unsigned char)((uint64_t)n >> i));
}

static int64_t get_u64(sv *rest)
{
    uint64_t n = 0;

    for (size_t i = 0; i < 8; i++)
        n = n << 8 | (unsigned char)rest->p[i];
    *rest = sv_from(*rest, 8);
    return (int64_t)n;
}

static int64_t life_ms(enum file_use use)
{
    return use == FILE_USE_SAVE ? FILE_SAVE_MS : use == FILE_USE_EXPORT ? FILE_EXPORT_MS : FILE_SHOW_MS;
}

sv file_ticket_new(struct ctx *x, struct file_ticket *t)
{
    struct str s = STR_IN(x->arena), text = STR_IN(x->arena);
    SECRET mac = {0};

    t->session = x->actor.session;
    t->until_ms = x->now_ms + life_ms(t->use);
    t->number = rand_id().n;
    str_char(&s, VERSION);
    str_char(&s, (char)t->use);
    put_u64(&s, t->session.n);
    put_u64(&s, t->file.n);
    put_u64(&s, t->page);
    put_u64(&s, t->until_ms);
    put_u64(&s, t->number);
    hmac_secret(&x->tenant->file_key, str_sv(&s), &mac);
    str_put(&s, secret_view(&mac));
    base64url_put(&text, str_sv(&s));
    return str_sv(&text);
}

bool file_ticket_read(struct arena *a, const struct secret *key, sv text, struct file_ticket *out)
{
    SECRET mac = {0};
    sv bytes;

    if (text.n > 200 || !base64url_read(a, text, &bytes) || bytes.n != BODY + MAC)
        return false;
    hmac_secret(key, sv_upto(bytes, BODY), &mac);
    if (!secret_equal_bytes(secret_view(&mac), sv_from(bytes, BODY)) || bytes.p[0] != VERSION)
        return false;
    out->use = (enum file_use)bytes.p[1];
    bytes = sv_from(bytes, 2);
    out->session.n = get_u64(&bytes);
    out->file.n = get_u64(&bytes);
    out->page = get_u64(&bytes);
    out->until_ms = get_u64(&bytes);
    out->number = get_u64(&bytes);
    return out->use >= FILE_USE_SAVE && out->use <= FILE_USE_EXPORT;
}

bool file_ticket_use(struct ctx *x, const struct file_ticket *t, bool *first)
{
    int64_t ahead = life_ms(t->use);

    /* A clock that went back since does not make it live longer. */
    if (x->now_ms >= t->until_ms || x->now_ms < t->until_ms - ahead)
        return fail(&x->failure, E_TICKET_ENDED, "the ticket is over");
    *first = false;
    if (t->use == FILE_USE_SMALL)
        return true;
    if (!stored_sql_ticket_use(x, t->number, t->until_ms, first))
        return false;
    return *first || t->use != FILE_USE_SAVE ? true : fail(&x->failure, E_TICKET_ENDED, "the ticket was used");
}
