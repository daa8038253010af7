/* svc/talk/preview.c: rules and statements of cards. A page is known by a digest of its address under the tenant's key: what members
 * link to cannot be guessed from the store. */
#include "svc/talk/preview.h"
#include "base/rand.h"
#include "core/fetched.h"
#include "crypt/hash.h"
#include "svc/talk/message.h"
#include "svc/talk/talk_out.h"
#include "svc/talk/talk_sql.h"
#include "svc/talk/url.h"

#define DIGEST 32

/* The address whose page is shown: the first one. */
static bool address_of(const struct ctx *x, const struct message *m, sv *url)
{
    size_t at = 0;

    return !m->gone_ms && m->flags & MESSAGE_LINKED && policy_bool(x->policy, "talk.link_preview") && talk_url_next(m->text, &at, url) &&
           url->n <= FETCH_URL_MAX;
}

static sv digest(struct ctx *x, sv url)
{
    SECRET mac = {0};

    hmac_secret(&x->tenant->file_key, sv_printf(x->arena, "preview %.*s", SV_ARG(url)), &mac);
    return sv_dup(x->arena, sv_upto(secret_view(&mac), DIGEST));
}

static bool find(struct ctx *x, sv url, struct talk_preview *out, bool *there)
{
    ROWS r = db_query(x->db, "SELECT id, fetched_ms, found, width, height, title, words, site FROM link_preview WHERE digest = $1", BLOB(digest(x, url)));

    *there = rows_next(&r);
    if (!*there)
        return rows_ok(&r);
    int64_t id = row_int(&r, 0);
    *out = (struct talk_preview){.fetched_ms = row_int(&r, 1), .width = row_int(&r, 3), .height = row_int(&r, 4), .url = url};
    if (row_int(&r, 2)) {
        out->id.n = id;
        out->title = row_sealed(&r, 5, "link_preview.title", id);
        out->words = row_sealed(&r, 6, "link_preview.words", id);
        out->site = row_sealed(&r, 7, "link_preview.site", id);
    }
    return rows_ok(&r);
}

bool talk_preview_of(struct ctx *x, const struct message *m, struct talk_preview *out, bool *there)
{
    sv url;

    *there = false;
    if (!address_of(x, m, &url))
        return true;
    bool ok = find(x, url, out, there);
    *there = *there && out->id.n;
    return ok;
}

bool talk_preview_picture(struct ctx *x, id64 message, struct talk_preview *out, struct photo *picture)
{
    struct message m;
    bool there;

    if (!talk_message(x, talk_room_of(message), talk_seq_of(message), &m) || !talk_preview_of(x, &m, out, &there))
        return false;
    if (!there || !out->width)
        return fail(&x->failure, E_NOT_FOUND, "no picture stands behind the link");
    ROWS r = db_query(x->db, "SELECT picture FROM link_preview WHERE id = $1", ID(out->id));
    if (rows_next(&r))
        *picture = (struct photo){SV("image/webp"), row_sealed(&r, 0, "link_preview.picture", out->id.n)};
    return rows_ok(&r);
}

bool talk_preview_due(struct ctx *x, sv url, bool *due)
{
    struct talk_preview p;
    bool there;

    if (!find(x, url, &p, &there))
        return false;
    int64_t age = there ? x->now_ms - p.fetched_ms : -1;  /* a clock that went back makes nothing fresh */
    *due = !there || age < 0 || age >= (p.id.n ? PREVIEW_FRESH_MS : PREVIEW_NONE_MS);
    return true;
}

bool talk_preview_want(struct ctx *x, const struct message *m)
{
    bool due;
    sv url;

    if (!address_of(x, m, &url))
        return true;
    if (!talk_preview_due(x, url, &due))
        return false;
    if (due)
        effect_text(x, EFF_PREVIEW, talk_message_id(m->room, m->seq).n, url);
    return true;
}

static bool put(struct ctx *x, sv url, const struct talk_preview *p, sv picture)
{
    int64_t id = rand_id().n;
    bool pictured = picture.n > 0 && picture.n <= PREVIEW_PICTURE_MAX;
    sv known = digest(x, url);

    return db_exec(x->db, "DELETE FROM link_preview WHERE digest = $1", BLOB(known)) &&
           db_exec(x->db, "INSERT INTO link_preview (id, digest, fetched_ms, found, width, height, title, words, site, picture)"
                          " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                   INT(id), BLOB(known), INT(x->now_ms), INT(p->title.n > 0), INT(pictured ? p->width : 0), INT(pictured ? p->height : 0),
                   SEALED("link_preview.title", id, p->title), SEALED("link_preview.words", id, p->words),
                   SEALED("link_preview.site", id, p->site), SEALED("link_preview.picture", id, pictured ? picture : SV("")));
}

bool talk_preview_keep(struct ctx *x, id64 message, sv url, const struct talk_preview *found, sv picture)
{
    struct messages now = {0};
    int64_t seq = talk_seq_of(message);
    struct talk_preview p;
    bool there;

    if ((found && !put(x, url, found, picture)) || !talk_sql_history(x, talk_room_of(message), ID_NONE, seq, seq + 1, 1, &now))
        return false;
    if (now.n == 0 || !talk_preview_of(x, &now.v[0], &p, &there))
        return x->failure.code == E_NONE;                 /* gone meanwhile */
    return !there || talk_tell_message_changed(x, &now.v[0]);
}

bool talk_preview_forget(struct ctx *x, bool *more)
{
    *more = false;
    return db_exec(x->db, "DELETE FROM link_preview WHERE fetched_ms < $1", INT(x->now_ms - PREVIEW_KEPT_MS)) &&
           db_exec(x->db, "DELETE FROM link_preview WHERE id IN (SELECT id FROM link_preview ORDER BY fetched_ms DESC, id LIMIT 1000 OFFSET $1)", INT(PREVIEW_MOST));
}
