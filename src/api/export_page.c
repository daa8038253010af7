/* api/export_page.c: what a room's messages look like on paper and in JSON. Every word of a member's is escaped; nothing in the page
 * runs or is fetched, but for the files that lie beside it. */
#include "api/export.h"
#include "base/clock.h"
#include "base/zone.h"
#include "svc/talk/message.h"

#include <string.h>

static void escaped(struct str *out, sv text)
{
    for (size_t i = 0; i < text.n; i++) {
        switch (text.p[i]) {
        case '&': str_c(out, "&amp;"); break;
        case '<': str_c(out, "&lt;"); break;
        case '>': str_c(out, "&gt;"); break;
        case '"': str_c(out, "&quot;"); break;
        case '\'': str_c(out, "&#39;"); break;
        default: str_char(out, text.p[i]);
        }
    }
}

sv export_local_time(struct ctx *x, sv zone, int64_t ms)
{
    int64_t offset = zone_offset_ms(zone, ms), minutes = (offset < 0 ? -offset : offset) / 60000;
    sv text = time_text(x->arena, ms + offset);

    return sv_printf(x->arena, "%.*s%c%02d:%02d", SV_ARG(sv_upto(text, 19)), offset < 0 ? '-' : '+', (int)(minutes / 60), (int)(minutes % 60));
}

/* "2026年11月28日 (土)", "28 November 2026 (Sat)" */
static sv day_words(const struct export_page *p, int64_t ms)
{
    static const char *const ja[] = {"木", "金", "土", "日", "月", "火", "水"}, *const en[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                                         "November", "December"};
    int64_t day = zone_day(p->zone, ms), year = 0, month = 1, of = 1;
    sv text = date_text(p->x->arena, day), rest = text, part;

    if (sv_cut(&rest, '-', &part) && sv_int(part, &year) && sv_cut(&rest, '-', &part)) {
        month = (part.p[0] - '0') * 10 + part.p[1] - '0';
        of = (rest.p[0] - '0') * 10 + rest.p[1] - '0';
    }
    size_t week = (size_t)((day % 7 + 7) % 7);
    return p->english ? sv_printf(p->x->arena, "%d %s %d (%s)", (int)of, months[month - 1], (int)year, en[week])
                      : sv_printf(p->x->arena, "%d年%d月%d日 (%s)", (int)year, (int)month, (int)of, ja[week]);
}

const char *export_why_name(enum export_why w)
{
    static const char *const names[] = {"", "gone", "over", "type", "infected", "held"};

    return names[w];
}

static const char *why_words(const struct export_page *p, enum export_why w)
{
    static const char *const ja[] = {"", "削除されています", "保存期間を過ぎています", "種類が制限されています", "ウイルスが見つかりました",
                                     "ウイルスのチェックが終わっていません"};
    static const char *const en[] = {"", "deleted", "beyond the keeping period", "of a limited type", "malware was found in it",
                                     "not checked for malware yet"};

    return p->english ? en[w] : ja[w];
}

static sv author(const struct export_page *p, id64 member, sv otherwise)
{
    return p->name_of(p->of, p->x, member, otherwise);
}

/* ---- what is no text ---- */

static sv system_words(const struct export_page *p, const struct talk_system *s)
{
    struct arena *a = p->x->arena;
    struct str names = STR_IN(a);
    const id64 *ids = s->members.v;
    sv who = author(p, s->actor, SV_NONE);
    static const struct { const char *what, *ja, *en; bool names, room; } t[] = {
        {"created", "さんがトークルームを作成しました", " created the room", false, true}, {"joined", "さんが招待しました: ", " invited ", true, false},
        {"left", "退出しました: ", "Left: ", true, false}, {"removed", "さんが退出させました: ", " removed ", true, false},
        {"renamed", "さんが名前を変更しました: ", " renamed it to ", false, true}, {"photo", "さんがトークルームの写真を変更しました", " changed the picture", false, false},
        {"photo_removed", "さんがトークルームの写真を削除しました", " removed the picture", false, false}, {"reminder", "リマインダー", "Reminder", false, false},
    };

    for (size_t i = 0; i < s->members.n; i++)
        str_printf(&names, "%s%.*s", i ? (p->english ? ", " : "、") : "", SV_ARG(author(p, ids[i], SV_NONE)));
    for (size_t i = 0; i < COUNT(t); i++)
        if (sv_equal(s->what, sv_c(t[i].what))) {
            bool by = s->actor.n != 0 && !sv_equal(s->what, SV("left")) && !sv_equal(s->what, SV("reminder"));
            return sv_printf(a, "%.*s%s%.*s%.*s", by ? (int)who.n : 0, who.p, p->english ? t[i].en : t[i].ja, t[i].names ? (int)names.n : 0, names.p ? names.p : "",
                             t[i].room && s->name.n ? (int)s->name.n : 0, s->name.p ? s->name.p : "");
        }
    return s->what;
}

static sv stamp_words(const struct export_page *p, sv stamp)
{
    const struct talk_picture *t;

    for (size_t i = 0; (t = talk_stamp_at(i)); i++)
        if (sv_equal(sv_c(t->name), stamp))
            return sv_c(p->english ? t->en : t->ja);
    return stamp;
}

/* In words, whatever its kind is; "": its text says all. */
static sv kind_words(const struct export_page *p, const struct message *m)
{
    struct arena *a = p->x->arena;
    const struct talk_content *c = &m->content;
    const struct talk_location *l = c->location.v;
    const struct talk_contact *k = c->contact.v;
    const struct talk_poll *q = c->poll.v;

    if (c->stamp.n)
        return sv_printf(a, p->english ? "[Stamp: %.*s]" : "[スタンプ: %.*s]", SV_ARG(stamp_words(p, c->stamp)));
    if (l)
        return sv_printf(a, "%s %.*s (%.6f, %.6f)", p->english ? "[Place]" : "[位置情報]", SV_ARG(l->label), (double)l->latitude / 1e6, (double)l->longitude / 1e6);
    if (k)
        return sv_printf(a, "%s %.*s %.*s %.*s", p->english ? "[Contact]" : "[連絡先]", SV_ARG(k->member.n ? author(p, k->member, k->name) : k->name),
                         SV_ARG(k->phone), SV_ARG(k->mail));
    if (q) {
        struct str s = STR_IN(a);
        const struct talk_choice *v = q->choices.v;
        str_c(&s, p->english ? "[Poll]" : "[投票]");
        for (size_t i = 0; i < q->choices.n; i++)
            str_printf(&s, "\n・%.*s", SV_ARG(v[i].text));
        return str_sv(&s);
    }
    return c->system.v ? system_words(p, c->system.v) : SV("");
}

/* ---- the page ---- */

void export_html_head(struct export_page *p, const struct export_head *h)
{
    struct str *o = p->out;

    str_printf(o, "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src 'self' file:\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width\">\n<title>", p->english ? "en" : "ja");
    escaped(o, h->room);
    str_c(o, "</title>\n<style>\nbody{max-width:48rem;margin:0 auto;padding:1rem;font:16px/1.6 system-ui,sans-serif;color:#222;background:#fff}\n"
             "h2{font-size:1rem;border-bottom:1px solid #ccc;margin:2rem 0 .5rem}\narticle{margin:.75rem 0}\narticle:target{background:#fff3cd}\n"
             "header p,.by,.note{font-size:.875rem;color:#595959;margin:0}\n.by b{color:#222}\n.text{white-space:pre-wrap;overflow-wrap:anywhere;margin:0}\n"
             ".thread{margin-left:2rem}\nul{margin:.25rem 0;padding-left:1.25rem}\nimg{display:block;max-width:20rem;max-height:15rem}\n"
             "@media(prefers-color-scheme:dark){body{color:#eee;background:#1a1a1a}.by b{color:#eee}header p,.by,.note{color:#bbb}a{color:#9cf}"
             "article:target{background:#443a10}}\n</style>\n</head>\n<body>\n<header><h1>");
    escaped(o, h->room);
    str_c(o, "</h1><p>");
    sv day = sv_upto(h->time, 10), clock = sv_upto(sv_from(h->time, 11), 5);
    escaped(o, p->english ? sv_printf(p->x->arena, "Exported by %.*s, %.*s %.*s", SV_ARG(h->by), SV_ARG(day), SV_ARG(clock))
                          : sv_printf(p->x->arena, "%.*s さんが書き出しました (%.*s %.*s)", SV_ARG(h->by), SV_ARG(day), SV_ARG(clock)));
    str_c(o, "</p></header>\n<main>\n");
}

static void html_day(struct export_page *p, int64_t ms)
{
    sv day = date_text(p->x->arena, zone_day(p->zone, ms));

    if (sv_equal(day, p->day))
        return;
    memcpy((char *)(uintptr_t)p->day.p, day.p, 10);       /* of a buffer of its size */
    p->day.n = 10;
    str_c(p->out, "<h2>");
    escaped(p->out, day_words(p, ms));
    str_c(p->out, "</h2>\n");
}

static void html_files(struct export_page *p, const struct message *m)
{
    const struct talk_file *v = m->content.files.v;

    if (!m->content.files.n)
        return;
    str_c(p->out, "<ul>");
    for (size_t i = 0; i < m->content.files.n; i++) {
        const struct export_file *f = p->file_of(p->of, m->seq, v[i].id);
        enum export_why why = f ? f->why : EXPORT_GONE;
        str_c(p->out, "<li>");
        if (why == EXPORT_IN) {
            str_c(p->out, "<a href=\"");
            str_percent(p->out, f->path, "/-_.");
            str_c(p->out, "\">");
            if (sv_starts(v[i].type, SV("image/"))) {
                str_c(p->out, "<img loading=\"lazy\" alt=\"\" src=\"");
                str_percent(p->out, f->path, "/-_.");
                str_c(p->out, "\">");
            }
        }
        escaped(p->out, v[i].name);
        str_c(p->out, why == EXPORT_IN ? "</a>" : "");
        if (why != EXPORT_IN)
            str_printf(p->out, " <span class=\"note\">(%s)</span>", why_words(p, why));
        str_c(p->out, "</li>");
    }
    str_c(p->out, "</ul>");
}

static void html_text(struct export_page *p, const char *tag, sv text)
{
    if (!text.n)
        return;
    str_printf(p->out, "<p class=\"%s\">", tag);
    escaped(p->out, text);
    str_c(p->out, "</p>");
}

void export_html_message(struct export_page *p, const struct message *m)
{
    const struct talk_forward *from = m->content.forward.v;
    struct arena *a = p->x->arena;
    sv time = export_local_time(p->x, p->zone, m->sent_ms);

    html_day(p, m->sent_ms);
    str_printf(p->out, "<article id=\"m%" PRId64 "\"%s><p class=\"by\"><b>", m->seq, m->thread ? " class=\"thread\"" : "");
    if (m->kind != MESSAGE_SYSTEM)
        escaped(p->out, author(p, m->author, m->author_name));
    str_printf(p->out, "</b> <time datetime=\"%.*s\">%.*s</time>", SV_ARG(time), SV_ARG(sv_upto(sv_from(time, 11), 5)));
    int64_t to = m->reply ? m->reply : m->thread;
    if (to)
        str_printf(p->out, " <a href=\"#m%" PRId64 "\">%s</a>", to, m->reply ? (p->english ? "reply to" : "返信先") : (p->english ? "thread" : "スレッド"));
    if (m->edited_ms && !m->gone_ms)
        str_c(p->out, p->english ? " (edited)" : " (編集済み)");
    str_c(p->out, "</p>");
    if (m->gone_ms) {
        html_text(p, "note", p->english ? SV("This message was taken back.") : SV("メッセージの送信を取り消しました"));
    } else {
        if (from)
            html_text(p, "note", sv_printf(a, p->english ? "Forwarded from %.*s" : "%.*s さんのメッセージを転送", SV_ARG(author(p, from->author, from->author_name))));
        html_text(p, "text", m->text);
        html_text(p, "text", kind_words(p, m));
        html_files(p, m);
    }
    str_c(p->out, "</article>\n");
}

void export_html_end(struct export_page *p, const struct export_told *t)
{
    str_c(p->out, "</main>\n<footer><p class=\"note\">");
    escaped(p->out, p->english ? sv_printf(p->x->arena, "%" PRId64 " messages, %" PRId64 " files; %" PRId64 " files could not be exported.", t->messages, t->files, t->missing)
                               : sv_printf(p->x->arena, "メッセージ %" PRId64 "件、ファイル %" PRId64 "件 (書き出せなかったファイル %" PRId64 "件)", t->messages, t->files, t->missing));
    str_c(p->out, "</p></footer>\n</body>\n</html>\n");
}

/* ---- JSON ---- */

void export_json_head(struct export_page *p, const struct export_head *h)
{
    struct json j = JSON_TO(p->out);

    json_open(&j, NULL);
    json_text(&j, "room", h->room);
    json_text(&j, "exported_by", h->by);
    json_text(&j, "exported", h->time);
    json_list(&j, "messages");
    str_c(p->out, "\n");
}

static void json_files(struct export_page *p, struct json *j, const struct message *m)
{
    const struct talk_file *v = m->content.files.v;

    json_list(j, "files");
    for (size_t i = 0; i < m->content.files.n; i++) {
        const struct export_file *f = p->file_of(p->of, m->seq, v[i].id);
        json_open(j, NULL);
        json_text(j, "name", v[i].name);
        json_text(j, "type", v[i].type);
        json_int(j, "size", v[i].size);
        if (f && f->why == EXPORT_IN)
            json_text(j, "path", f->path);
        else
            json_text(j, "missing", sv_c(export_why_name(f ? f->why : EXPORT_GONE)));
        json_close(j);
    }
    json_list_end(j);
}

void export_json_message(struct export_page *p, const struct message *m)
{
    struct json j = JSON_TO(p->out);

    str_c(p->out, p->any ? ",\n" : "");
    p->any = true;
    json_open(&j, NULL);
    json_int(&j, "number", m->seq);
    json_text(&j, "sent", export_local_time(p->x, p->zone, m->sent_ms));
    json_text(&j, "kind", sv_c(talk_message_kind_name(m->kind)));
    if (m->kind != MESSAGE_SYSTEM)
        json_text(&j, "author", author(p, m->author, m->author_name));
    if (m->reply)
        json_int(&j, "reply_to", m->reply);
    if (m->thread)
        json_int(&j, "thread", m->thread);
    if (m->edited_ms)
        json_text(&j, "edited", export_local_time(p->x, p->zone, m->edited_ms));
    if (m->gone_ms) {
        json_bool(&j, "taken_back", true);
    } else {
        sv words = kind_words(p, m);
        if (m->text.n)
            json_text(&j, "text", m->text);
        if (words.n)
            json_text(&j, "content", words);
        if (m->content.files.n)
            json_files(p, &j, m);
    }
    json_close(&j);
}

void export_json_end(struct export_page *p)
{
    str_c(p->out, "\n]}\n");
}
