/* store/db_page.c: the default cipher of pages, as the engine's own "sqlcipher" (its legacy 4) writes it, byte for byte, but
 * by OpenSSL: the engine's has SHA-512 in plain C and makes AES's rounds anew for each page, which took half of the time
 * of a read that is not in the cache. A file of the one opens with the other. A raw key alone is taken. */
#include "store/db_sqlite.h"

#include "base/mem.h"
#include "base/rand.h"
#include "crypt/page.h"

#include <string.h>

#define PAGE_SIZE 4096
#define RAW       "raw:"

struct pages {
    struct secret key;
    unsigned char salt[PAGE_SALT];
    struct page_key *k;                                   /* NULL: no key yet, or none that we take */
};

static void *made(sqlite3 *h)
{
    (void)h;
    return XNEW(struct pages);
}

static void ended(void *p)
{
    struct pages *c = p;

    page_key_free(&c->k);
    secret_wipe(&c->key);
    xfree(c);
}

static void keyed(struct pages *c)
{
    page_key_free(&c->k);
    if (c->key.n)
        c->k = page_key_new(&c->key, c->salt);
}

static void cloned(void *to, void *from)
{
    struct pages *c = to;
    const struct pages *of = from;

    c->key = of->key;
    memcpy(c->salt, of->salt, sizeof(c->salt));
    keyed(c);
}

static int legacy(void *p)
{
    (void)p;
    return 4;
}

static int page_size(void *p)
{
    (void)p;
    return PAGE_SIZE;
}

static int reserved(void *p)
{
    (void)p;
    return PAGE_TAIL;
}

static unsigned char *salt_of(void *p)
{
    return ((struct pages *)p)->salt;
}

static void key_set(void *p, char *key, int n, int rekey, unsigned char *salt)
{
    struct pages *c = p;
    sv raw = sv_n(key, (size_t)n);

    if (rekey || !salt)
        rand_bytes(c->salt, sizeof(c->salt));
    else
        memcpy(c->salt, salt, sizeof(c->salt));
    secret_wipe(&c->key);
    if (raw.n == strlen(RAW) + 32 && sv_starts(raw, SV(RAW)))
        secret_set(&c->key, sv_from(raw, strlen(RAW)));
    keyed(c);
}

/* The first bytes of page 1 are the file's salt, not enciphered. */
static size_t clear_bytes(int page)
{
    return page == 1 ? PAGE_SALT : 0;
}

static int sealed(void *p, int page, unsigned char *data, int len, int tail)
{
    struct pages *c = p;
    size_t from = clear_bytes(page);

    if (tail != PAGE_TAIL || !c->k)
        return SQLITE_CORRUPT;
    page_seal(c->k, (uint32_t)page, data + from, (size_t)(len - tail) - from);
    if (page == 1)
        memcpy(data, c->salt, PAGE_SALT);
    return SQLITE_OK;
}

/* `check` is not asked: what is not authentic is never read. */
static int opened(void *p, int page, unsigned char *data, int len, int tail, int check)
{
    struct pages *c = p;
    size_t from = clear_bytes(page);

    (void)check;
    if (tail != PAGE_TAIL || !c->k || !page_open(c->k, (uint32_t)page, data + from, (size_t)(len - tail) - from))
        return page == 1 ? SQLITE_NOTADB : SQLITE_CORRUPT;
    if (page == 1)
        memcpy(data, "SQLite format 3", PAGE_SALT);
    return SQLITE_OK;
}

bool db_page_cipher(void)
{
    static const CipherDescriptor cipher = {DB_PAGE_CIPHER, made, ended, cloned, legacy, page_size, reserved, salt_of, key_set,
                                            sealed, opened};
    static const CipherParams none[] = {{"", 0, 0, 0, 0}};

    return sqlite3mc_register_cipher(&cipher, none, 0) == SQLITE_OK;
}
