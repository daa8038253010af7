/* core/audit.c: rows, their canonical bytes, and the tree in the store. */
#include "core/audit.h"
#include "base/rand.h"
#include "core/ctx.h"

static const struct audit_def defs[AUDIT_COUNT] = {
    [AUDIT_UNSET] = {"unset", "", "", ""},
    [AUDIT_NONE] = {"none", "", "", ""},
#define AUDIT(name, id, log, ja, en) [AUDIT_##name] = {id, log, ja, en},
#include "core/audit.def"
#undef AUDIT
};

const struct audit_def *audit_def(enum audit_kind k)
{
    ENSURE((unsigned)k < AUDIT_COUNT);
    return &defs[k];
}

bool audit_find(sv id, enum audit_kind *out)
{
    for (unsigned k = AUDIT_NONE + 1; k < AUDIT_COUNT; k++)
        if (sv_equal(id, sv_c(defs[k].id))) {
            *out = (enum audit_kind)k;
            return true;
        }
    return false;
}

void audit(struct ctx *x, enum audit_kind kind, id64 object, sv detail)
{
    *PUSH(x->arena, &x->audits) = (struct audit_row){
        .kind = kind,
        .time_ms = x->now_ms,
        .actor = x->actor.member,
        .channel = (int)x->actor.channel,
        .ip = x->actor.ip,
        .object = object,
        .count = 1,
        .detail = detail,
    };
}

static void piece(struct str *out, sv v)
{
    const unsigned char len[4] = {(unsigned char)(v.n >> 24), (unsigned char)(v.n >> 16),
                                  (unsigned char)(v.n >> 8), (unsigned char)v.n};

    str_bytes(out, len, 4);
    str_put(out, v);
}

static void piece_int(struct str *out, int64_t n)
{
    char text[24];
    struct str s = {.p = text, .cap = sizeof(text), .arena = NULL};

    str_int(&s, n);
    piece(out, str_sv(&s));
}

void audit_canonical(struct str *out, int64_t tenant, const struct audit_row *r, const struct sha256 *detail_hash)
{
    str_put(out, SV("engawa audit 1\n"));
    piece_int(out, tenant);
    piece_int(out, r->seq);
    piece_int(out, r->time_ms);
    piece_int(out, r->actor.n);
    piece(out, sv_c(channel_name((enum channel)r->channel)));
    piece(out, r->ip);
    piece(out, sv_c(audit_def(r->kind)->id));
    piece_int(out, r->object.n);
    piece(out, sv_c(err_def(r->result)->code));
    piece_int(out, r->count);
    piece(out, sv_n(detail_hash->b, 32));
}

static bool row_store(struct db *d, struct arena *a, int64_t tenant, struct tree *t, struct audit_row *r)
{
    struct str bytes = STR_IN(a);
    unsigned char salt[AUDIT_SALT];

    rand_bytes(salt, sizeof(salt));
    r->seq = (int64_t)t->size + 1;
    struct sha256 detail = sha256(r->detail);
    audit_canonical(&bytes, tenant, r, &detail);
    str_bytes(&bytes, salt, sizeof(salt));
    struct sha256 leaf = tree_leaf(str_sv(&bytes));
    tree_add(t, &leaf);
    return db_exec(d, "INSERT INTO audit (seq, time_ms, actor, channel, ip, kind, object, result, count, detail,"
                      " detail_hash, salt, leaf, log) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
                   INT(r->seq), INT(r->time_ms), ID(r->actor), INT(r->channel), TEXT(r->ip),
                   TEXT(sv_c(audit_def(r->kind)->id)), ID(r->object), TEXT(sv_c(err_def(r->result)->code)),
                   INT(r->count), SEALED("audit.detail", r->seq, r->detail), BLOB(sv_n(detail.b, 32)),
                   BLOB(sv_n(salt, sizeof(salt))), BLOB(sv_n(leaf.b, 32)), TEXT(sv_c(audit_def(r->kind)->log)));
}

bool audit_store(struct db *d, struct arena *a, int64_t tenant, struct tree *t, struct audit_row *rows, size_t n)
{
    struct str frontier = STR_IN(a);

    if (n == 0)
        return true;
    for (size_t i = 0; i < n; i++)
        if (!row_store(d, a, tenant, t, &rows[i]))
            return false;
    tree_put(t, &frontier);
    return db_exec(d, "UPDATE audit_tree SET size = $1, frontier = $2 WHERE id = 1", INT((int64_t)t->size),
                   BLOB(str_sv(&frontier)));
}

bool audit_load(struct db *d, struct tree *t)
{
    bool ok = false;
    ROWS r = db_query(d, "SELECT size, frontier FROM audit_tree WHERE id = 1");

    if (rows_next(&r))
        ok = tree_get(t, (uint64_t)row_int(&r, 0), row_blob(&r, 1));
    return ok && rows_ok(&r);
}
