/* svc/talk/line_import.c: a line is a date, begins with a clock, or goes on with the message above. */
#include "svc/talk/line_import.h"

#include "base/utf8.h"
#include "crypt/hash.h"

#include <stdio.h>

#define BODY_MAX 40000                                    /* bytes in which a quoted body must have ended */

enum form { FORM_PHONE, FORM_PC };

struct reader {
    struct arena *arena;
    struct line_import *out;
    VEC(sv) names;
    bool names_given;
    sv rest;                                              /* what follows the current line */
    struct line_time date;                                /* day 0: none yet */
    VEC(sv) early;                                        /* lines before the first date */
    bool open;                                            /* the last message may go on */
    struct str body;                                      /* of the open message, when it has several lines */
};

static const char *const placeholders[] = {
    "[スタンプ]", "[写真]", "[動画]", "[ファイル]", "[ボイスメッセージ]", "[連絡先]", "[位置情報]", "[アルバム]", "[ノート]", "[投票]",
    "[Sticker]", "[Photo]", "[Video]", "[File]", "[Voice message]", "[Contact]", "[Location]", "[Album]", "[Note]", "[Poll]",
    "スタンプ", "画像", "写真", "動画", "ファイル", "ボイスメッセージ", "Stickers", "Photos", "Videos",
};

/* Lines of the PC's form that tell a whole name: it stands before the first part, and the line ends with the second. */
static const struct { const char *after_name, *end; } tellers[] = {
    { "がメッセージの送信を取り消しました", "" }, { "が", "を追加しました" }, { "が", "に追加しました" }, { "が", "を招待しました" },
    { "が退出しました", "" }, { "がグループを退出しました", "" }, { "がグループから退出しました", "" }, { "が参加しました", "" },
    { "がグループに参加しました", "" }, { " unsent a message", "" }, { " left the group", "" }, { " joined the group", "" },
    { " added ", " to the group" }, { " invited ", " to the group" },
};

static bool digits(sv *s, int min, int max, int *out)
{
    int n = 0, v = 0;

    while (n < max && (size_t)n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
        v = v * 10 + (s->p[n++] - '0');
    if (n < min)
        return false;
    *s = sv_from(*s, (size_t)n);
    *out = v;
    return true;
}

static bool take(sv *s, sv what)
{
    if (!sv_starts(*s, what))
        return false;
    *s = sv_from(*s, what.n);
    return true;
}

static int month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap);
}

/* "2026/11/18(水)" or "2026.11.18 水曜日", and nothing after the weekday. */
static bool date_read(sv line, struct line_time *out)
{
    struct line_time t = {0};
    sv s = line;

    if (!digits(&s, 4, 4, &t.year) || s.n == 0)
        return false;
    sv sep = sv_upto(s, 1);
    if (!sv_equal(sep, SV("/")) && !sv_equal(sep, SV(".")))
        return false;
    if (!take(&s, sep) || !digits(&s, 1, 2, &t.month) || !take(&s, sep) || !digits(&s, 1, 2, &t.day))
        return false;
    if (t.month < 1 || t.month > 12 || t.day < 1 || t.day > month_days(t.year, t.month))
        return false;
    bool bracket = take(&s, SV("("));
    if (bracket ? !sv_ends(s, SV(")")) || s.n > 12 : s.n < 2 || s.p[0] != ' ' || s.n > 16)
        return false;                                     /* a date without its weekday is somebody's text */
    if (!bracket && sv_find(sv_from(s, 1), SV(" "), NULL))
        return false;
    *out = t;
    return true;
}

/* 1: before noon, 2: after noon, 0: neither */
static int half_of_day(sv *s)
{
    if (take(s, SV("午前")) || take(s, SV("AM")) || take(s, SV("am")))
        return 1;
    return take(s, SV("午後")) || take(s, SV("PM")) || take(s, SV("pm")) ? 2 : 0;
}

/* "7:02", "午後3:15", "PM 3:15", "3:15 PM", followed by the form's separator, which is taken too. */
static bool clock_read(sv line, struct line_time *t, enum form *form, sv *after)
{
    sv s = line, before_blank;
    int hour, minute, half = half_of_day(&s);

    if (half)
        take(&s, SV(" "));
    if (!digits(&s, 1, 2, &hour) || !take(&s, SV(":")) || !digits(&s, 2, 2, &minute) || hour > 23 || minute > 59)
        return false;
    before_blank = s;
    if (!half) {
        take(&s, SV(" "));
        half = half_of_day(&s);
        if (!half)
            s = before_blank;
    }
    if (half && hour > 12)
        return false;
    if (half)
        hour = hour % 12 + (half == 2 ? 12 : 0);
    bool tab = take(&s, SV("\t"));
    if (!tab && !take(&s, SV(" ")))
        return false;
    t->hour = hour;
    t->minute = minute;
    *form = tab ? FORM_PHONE : FORM_PC;
    *after = s;
    return true;
}

static bool next_line(sv *rest, sv *line)
{
    if (!sv_cut(rest, '\n', line))
        return false;
    if (sv_ends(*line, SV("\r")))
        *line = sv_upto(*line, line->n - 1);
    return true;
}

static bool header(struct reader *r, sv line)
{
    static const char *const saved[] = {"保存日時：", "保存日時:", "Saved on:"};
    sv name = line;

    for (size_t i = 0; i < COUNT(saved); i++)
        if (sv_starts(line, sv_c(saved[i])))
            return true;
    if (!take(&name, SV("[LINE] ")))
        return false;
    if (sv_ends(name, SV("とのトーク履歴")))
        name = sv_upto(name, name.n - SV("とのトーク履歴").n);
    else if (!take(&name, SV("Chat history with ")))
        return false;
    r->out->room = sv_trim(name);
    return true;
}

static bool is_placeholder(sv text)
{
    if (sv_starts(text, SV("☎ ")))
        return true;
    for (size_t i = 0; i < COUNT(placeholders); i++)
        if (sv_equal(text, sv_c(placeholders[i])))
            return true;
    return false;
}

static void count(struct line_import *out, const struct line_message *m)
{
    if (m->system)
        out->systems++;
    else
        out->texts++;
    if (!m->system && is_placeholder(m->text))
        out->placeholders++;
}

static bool same_minute(const struct line_time *a, const struct line_time *b)
{
    return a->minute == b->minute && a->hour == b->hour && a->day == b->day && a->month == b->month && a->year == b->year;
}

static int equal_before(const struct line_import *out, size_t at)
{
    const struct line_message *m = &out->messages.v[at];
    int n = 0;

    for (size_t i = at; i-- > 0 && same_minute(&out->messages.v[i].at, &m->at);)
        n += sv_equal(out->messages.v[i].sender, m->sender) && sv_equal(out->messages.v[i].text, m->text);
    return n;
}

static void push(struct reader *r, struct line_message m)
{
    struct line_message *at = PUSH(r->arena, &r->out->messages);

    *at = m;
    at->same = equal_before(r->out, r->out->messages.n - 1);
    count(r->out, at);
}

/* Cuts what is longer than a message may be. */
static void push_cut(struct reader *r, struct line_message m)
{
    sv rest = m.text;

    do {
        m.text = utf8_upto(rest, LINE_TEXT_MAX);
        rest = sv_from(rest, m.text.n);
        push(r, m);
    } while (rest.n);
}

/* The open message has all its lines. */
static void finish(struct reader *r, struct line_message *pending)
{
    if (!r->open)
        return;
    if (r->body.p)
        pending->text = str_sv(&r->body);
    while (pending->text.n && (sv_ends(pending->text, SV("\n")) || sv_ends(pending->text, SV("\r"))))
        pending->text.n--;
    push_cut(r, *pending);
    r->open = false;
    r->body = STR_IN(r->arena);
}

static void go_on(struct reader *r, const struct line_message *pending, sv line)
{
    if (!r->body.p)
        str_put(&r->body, pending->text);
    str_char(&r->body, '\n');
    str_put(&r->body, line);
}

static void keep_unknown(struct reader *r, sv line)
{
    if (sv_trim(line).n == 0)
        return;
    r->out->unknown++;
    if (r->date.day == 0)
        *PUSH(r->arena, &r->early) = line;
    else
        push_cut(r, (struct line_message){.at = r->date, .system = true, .text = line, .sender = SV("")});
}

static size_t quotes(sv s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == '"';
    return n;
}

static bool known_prefix(const struct reader *r, sv after)
{
    for (size_t i = 0; i < r->names.n; i++)
        if (sv_starts(after, r->names.v[i]) && after.n > r->names.v[i].n && after.p[r->names.v[i].n] == ' ')
            return true;
    return false;
}

static bool begins_another(const struct reader *r, sv line)
{
    struct line_time t;
    enum form form;
    sv after;

    return date_read(line, &t) || (clock_read(line, &t, &form, &after) && (form == FORM_PHONE || known_prefix(r, after)));
}

/* A body of several lines that was wrapped in quotes: true when its end is found before the next message begins. Then
 * `text` is the body without them and the reader stands behind it. */
static bool quoted_body(struct reader *r, sv first, sv *text)
{
    sv rest = r->rest, line;
    size_t n = quotes(first), used = first.n;
    struct str all = STR_IN(r->arena);

    if (!sv_starts(first, SV("\"")) || (n % 2 == 0 && sv_ends(first, SV("\""))))
        return false;
    str_put(&all, first);
    while (next_line(&rest, &line)) {
        used += line.n;
        if (used > BODY_MAX || begins_another(r, line))
            return false;
        str_char(&all, '\n');
        str_put(&all, line);
        n += quotes(line);
        if (n % 2 == 0 && sv_ends(line, SV("\""))) {
            r->rest = rest;
            struct str plain = STR_IN(r->arena);
            for (size_t i = 1; i + 1 < all.n; i++) {
                str_char(&plain, all.p[i]);
                i += all.p[i] == '"' && all.p[i + 1] == '"' && i + 2 < all.n;
            }
            *text = str_sv(&plain);
            return true;
        }
    }
    return false;
}

static void add_name(struct reader *r, sv name)
{
    if (name.n == 0 || name.n > 200)
        return;
    for (size_t i = 0; i < r->names.n; i++)
        if (sv_equal(r->names.v[i], name))
            return;
    *PUSH(r->arena, &r->names) = name;
}

/* The sentence's end without the full stop. */
static bool tells(sv text, size_t i, sv *name)
{
    size_t at;

    if (sv_ends(text, SV("。")))
        text = sv_upto(text, text.n - SV("。").n);
    else if (sv_ends(text, SV(".")))
        text = sv_upto(text, text.n - 1);
    if (!sv_find(text, sv_c(tellers[i].after_name), &at) || at == 0)
        return false;
    if (tellers[i].end[0] ? !sv_ends(text, sv_c(tellers[i].end)) : at + sv_c(tellers[i].after_name).n != text.n)
        return false;
    *name = sv_upto(text, at);
    return true;
}

static bool is_system(sv text)
{
    static const char *const own[] = {"メッセージの送信を取り消しました", "You unsent a message."};
    sv name;

    for (size_t i = 0; i < COUNT(own); i++)
        if (sv_equal(text, sv_c(own[i])))
            return true;
    for (size_t i = 0; i < COUNT(tellers); i++)
        if (tells(text, i, &name))
            return true;
    return false;
}

/* First pass over the PC's form: lines that tell a name whole. */
static void gather_names(struct reader *r, sv file)
{
    sv line, after, name;
    struct line_time t;
    enum form form;

    while (next_line(&file, &line)) {
        if (header(r, line) && r->out->room.n)
            add_name(r, r->out->room);
        if (!clock_read(line, &t, &form, &after) || form != FORM_PC)
            continue;
        for (size_t i = 0; i < COUNT(tellers); i++)
            if (tells(after, i, &name))
                add_name(r, name);
    }
}

static void doubt(struct reader *r, sv name)
{
    for (size_t i = 0; i < r->out->doubtful.n; i++)
        if (sv_equal(r->out->doubtful.v[i], name))
            return;
    *PUSH(r->arena, &r->out->doubtful) = name;
}

/* "森下 真由 ありがとう。": the longest known name; else the first word, with doubt. */
static void split_pc(struct reader *r, sv after, struct line_message *m)
{
    sv best = SV_NONE;
    int readings = 0;
    size_t at;

    for (size_t i = 0; i < r->names.n; i++) {
        sv name = r->names.v[i];
        if (!sv_starts(after, name) || after.n <= name.n || after.p[name.n] != ' ')
            continue;
        readings++;
        if (name.n > best.n)
            best = name;
    }
    if (readings == 0 && (is_system(after) || !sv_find(after, SV(" "), &at) || at == 0)) {
        m->system = true;
        m->sender = SV("");
        m->text = after;
        return;
    }
    if (readings == 0)
        best = sv_upto(after, at);
    m->sender = best;
    m->text = sv_from(after, best.n + 1);
    if (readings == 0 || (readings > 1 && !r->names_given))
        doubt(r, best);
}

static void split_phone(sv after, struct line_message *m)
{
    size_t at;

    m->sender = SV("");
    m->text = after;
    m->system = true;
    if (!sv_find(after, SV("\t"), &at))
        return;
    m->text = sv_from(after, at + 1);
    if (at == 0)
        return;
    m->sender = sv_upto(after, at);
    m->system = false;
}

static void message_line(struct reader *r, const struct line_time *clock, enum form form, sv after, struct line_message *pending)
{
    finish(r, pending);
    *pending = (struct line_message){.at = r->date};
    pending->at.hour = clock->hour;
    pending->at.minute = clock->minute;
    if (form == FORM_PHONE)
        split_phone(after, pending);
    else
        split_pc(r, after, pending);
    quoted_body(r, pending->text, &pending->text);
    r->open = true;
}

static void new_date(struct reader *r, const struct line_time *date)
{
    r->date = *date;
    for (size_t i = 0; i < r->early.n; i++)
        push_cut(r, (struct line_message){.at = r->date, .system = true, .text = r->early.v[i], .sender = SV("")});
    r->early.n = 0;
}

static void read_all(struct reader *r)
{
    struct line_message pending = {0};
    struct line_time t = {0};
    enum form form;
    sv line, after;
    bool begun = false;

    while (next_line(&r->rest, &line)) {
        if (!begun && header(r, line))
            continue;
        if (date_read(line, &t)) {
            finish(r, &pending);
            new_date(r, &t);
            begun = true;
        } else if (r->date.day && clock_read(line, &t, &form, &after)) {
            message_line(r, &t, form, after, &pending);
        } else if (r->open) {
            go_on(r, &pending, line);
        } else {
            keep_unknown(r, line);
        }
    }
    finish(r, &pending);                                  /* early lines of a file without any date have no place in time */
}

bool line_import_read(struct arena *a, sv file, struct line_names names, struct line_import *out)
{
    struct reader r = {.arena = a, .out = out, .names_given = names.n > 0, .body = STR_IN(a)};

    *out = (struct line_import){.room = SV("")};
    if (!utf8_valid(file))
        return false;
    take(&file, SV("\xEF\xBB\xBF"));
    for (size_t i = 0; i < names.n; i++)
        add_name(&r, sv_trim(names.v[i]));
    gather_names(&r, file);
    r.rest = file;
    read_all(&r);
    return true;
}

sv line_import_key(struct arena *a, int64_t room, int64_t minute_ms, const struct line_message *m)
{
    char head[96];
    int n = snprintf(head, sizeof(head), "line 1\n%" PRId64 "\n%04d-%02d-%02d %02d:%02d\n%d\n%zu\n", room, m->at.year, m->at.month,
                     m->at.day, m->at.hour, m->at.minute, m->same, m->sender.n);
    const sv parts[] = {sv_n(head, (size_t)n), m->sender, m->text};
    struct sha256 h = sha256_of(parts, COUNT(parts));
    uint64_t ms = minute_ms > 0 ? (uint64_t)minute_ms & 0xFFFFFFFFFFFFull : 0;

    return sv_printf(a, "%08x-%04x-7%01x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", (unsigned)(ms >> 16), (unsigned)(ms & 0xFFFF), h.b[0] & 0xF,
                     h.b[1], (h.b[2] & 0x3F) | 0x80, h.b[3], h.b[4], h.b[5], h.b[6], h.b[7], h.b[8], h.b[9]);
}
