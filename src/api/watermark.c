/* api/watermark.c: the text over what the phone app shows. */
#include "api/watermark.h"
#include "base/clock.h"
#include "base/zone.h"
#include "core/full_name.h"
#include "core/tenant.h"
#include "svc/org/org.h"

static const struct field watermark_out_fields[] = {
    FIELD(struct watermark, name, .doc = "of the member whose session it is"),
    FIELD(struct watermark, id, .doc = "the Engawa ID"),
    FIELD(struct watermark, time, .doc = "when it was asked for, by the company's clock: 2026-11-28 19:04"),
};
const struct schema watermark_out = SCHEMA("watermark_out", struct watermark, watermark_out_fields);

bool watermark_of(struct ctx *x, struct watermark *out)
{
    sv zone = policy_text(x->policy, "tenant.time_zone");
    struct member m;

    if (!org_member_find(x, x->actor.member, &m))
        return false;
    sv time = time_text(x->arena, x->now_ms + zone_offset_ms(zone, x->now_ms));    /* 2026-11-28T19:04:… */
    out->name = full_name(x->arena, m.family, m.given);
    out->id = sv_printf(x->arena, "%.*s@%.*s", SV_ARG(m.login), SV_ARG(str_sv(&x->tenant->workgroup)));
    out->time = sv_printf(x->arena, "%.*s %.*s", SV_ARG(sv_upto(time, 10)), SV_ARG(sv_upto(sv_from(time, 11), 5)));
    return true;
}

static sv watermark_lines(struct ctx *x, const struct watermark *m)
{
    return sv_printf(x->arena, "%.*s\n%.*s\n%.*s", SV_ARG(m->name), SV_ARG(m->id), SV_ARG(m->time));
}

/* A picture on its way to a client that sees it with its member's mark alone. */
struct marking {
    struct stored_reading *reading;
    struct rendition of;
    sv lines;
};

bool watermark_draw(struct ctx *x, struct call *c)
{
    const struct marking *m = c->make;

    if (!rendition_mark(x, &m->reading->blob, &m->of, m->lines, &c->file.bytes))
        return false;
    c->file.size = (int64_t)c->file.bytes.n;
    return true;
}

bool watermark_later(struct ctx *x, struct call *c, struct stored_reading *reading, const struct rendition *of)
{
    struct marking *m = ANEW(x->arena, struct marking);
    struct watermark mark;

    if (!watermark_of(x, &mark))
        return false;
    *m = (struct marking){reading, *of, watermark_lines(x, &mark)};
    c->make = m;
    c->range = SV_NONE;                                   /* another time it is another picture */
    c->file.piece = NULL;
    c->file.size = 0;
    return true;
}
