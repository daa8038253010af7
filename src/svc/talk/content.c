/* svc/talk/content.c: schemas and stored form of what a message holds beside its text. */
#include "svc/talk/content.h"

static const struct field mention_fields[] = {
    FIELD(struct talk_mention, kind, .need = true, .one_of = "member|unit|all", .doc = "who is named"),
    FIELD(struct talk_mention, id, .sparse = true, .doc = "the member or unit; absent: all"),
    FIELD(struct talk_mention, at, .max = 10000, .doc = "where in the text, in code points from 0"),
    FIELD(struct talk_mention, length, .need = true, .min = 1, .max = 200, .doc = "how many code points stand for it"),
};
const struct schema talk_mention_in = SCHEMA("talk_mention", struct talk_mention, mention_fields);

static const struct field location_fields[] = {
    FIELD(struct talk_location, latitude, .need = true, .min = -90000000, .max = 90000000, .doc = "millionths of a degree"),
    FIELD(struct talk_location, longitude, .need = true, .min = -180000000, .max = 180000000,
          .doc = "millionths of a degree"),
    FIELD(struct talk_location, label, .sparse = true, .max = 200, .doc = "what the place is called"),
};
const struct schema talk_location = SCHEMA("talk_location", struct talk_location, location_fields);

static const struct field contact_fields[] = {
    FIELD(struct talk_contact, member, .sparse = true, .doc = "a colleague; absent: somebody else"),
    FIELD(struct talk_contact, name, .sparse = true, .max = 100, .doc = "name of somebody else"),
    FIELD(struct talk_contact, phone, .sparse = true, .max = 40, .doc = "phone number of somebody else"),
    FIELD(struct talk_contact, mail, .sparse = true, .max = 254, .doc = "mail address of somebody else"),
};
const struct schema talk_contact = SCHEMA("talk_contact", struct talk_contact, contact_fields);

static const struct field choice_fields[] = {
    FIELD(struct talk_choice, text, .need = true, .min = 1, .max = 100, .doc = "what can be chosen"),
};
const struct schema talk_choice = SCHEMA("talk_choice", struct talk_choice, choice_fields);

static const struct field poll_fields[] = {
    FIELD(struct talk_poll, choices, .of = &talk_choice, .need = true, .min = TALK_CHOICES_MIN, .max = TALK_CHOICES_MAX,
          .doc = "what can be chosen, in order"),
    FIELD(struct talk_poll, many, .doc = "more than one may be chosen"),
    FIELD(struct talk_poll, closed, .doc = "nobody votes any more"),
};
const struct schema talk_poll = SCHEMA("talk_poll", struct talk_poll, poll_fields);

static const struct field file_fields[] = {
    FIELD(struct talk_file, id, .need = true, .doc = "of the file: what a ticket is asked for"),
    FIELD(struct talk_file, name, .need = true, .doc = "as it is shown"),
    FIELD(struct talk_file, type, .need = true, .doc = "media type, by its content"),
    FIELD(struct talk_file, size, .doc = "bytes"),
    FIELD(struct talk_file, check, .sparse = true, .one_of = "none|clean|unscannable|held|infected",
          .doc = "by the scanner for malware; none: nobody looked; unscannable: it could not look into it; held: it is waited for; infected: nobody gets it"),
    FIELD(struct talk_file, width, .sparse = true, .doc = "of a picture of which a small and a large one are to be had"),
    FIELD(struct talk_file, height, .sparse = true, .doc = "and how high it is"),
    FIELD(struct talk_file, pages, .sparse = true, .doc = "of a document: each is to be had as a picture, the first as a small one too"),
};
const struct schema talk_file = SCHEMA("talk_file", struct talk_file, file_fields);

static const struct field forward_fields[] = {
    FIELD(struct talk_forward, author, .sparse = true, .doc = "the member who wrote it first; absent: see author_name"),
    FIELD(struct talk_forward, author_name, .doc = "name of an author who is no member"),
    FIELD(struct talk_forward, sent, .doc = "when it was written first, UTC ms"),
};
const struct schema talk_forward = SCHEMA("talk_forward", struct talk_forward, forward_fields);

static const struct field system_fields[] = {
    FIELD(struct talk_system, what, .need = true, .one_of = "created|joined|left|removed|renamed|photo|photo_removed|reminder", .doc = "what happened"),
    FIELD(struct talk_system, actor, .sparse = true, .doc = "the member who did it; absent: an administrator or the server"),
    FIELD(struct talk_system, members, .sparse = true, .doc = "ids of those who came or went"),
    FIELD(struct talk_system, name, .sparse = true, .doc = "the room's name from now on"),
    FIELD(struct talk_system, room, .sparse = true, .doc = "of a reminder: the room of the message that it is about"),
    FIELD(struct talk_system, seq, .sparse = true, .doc = "and its place there"),
};
const struct schema talk_system = SCHEMA("talk_system", struct talk_system, system_fields);

static const struct field content_fields[] = {
    FIELD(struct talk_content, mentions, .of = &talk_mention_in, .max = TALK_MENTIONS_MAX, .sparse = true,
          .doc = "who is named in the text"),
    FIELD(struct talk_content, files, .of = &talk_file, .max = TALK_FILES_MAX, .sparse = true, .doc = "files that came with it"),
    FIELD(struct talk_content, stamp, .sparse = true, .doc = "name of a stamp"),
    FIELD(struct talk_content, location, .of = &talk_location, .sparse = true, .doc = "a place"),
    FIELD(struct talk_content, contact, .of = &talk_contact, .sparse = true, .doc = "how to reach somebody"),
    FIELD(struct talk_content, poll, .of = &talk_poll, .sparse = true, .doc = "a question to everybody; the text asks it"),
    FIELD(struct talk_content, forward, .of = &talk_forward, .sparse = true, .doc = "whose words these are"),
    FIELD(struct talk_content, system, .of = &talk_system, .sparse = true, .doc = "what happened in the room"),
};
const struct schema talk_content = SCHEMA("talk_content", struct talk_content, content_fields);

bool talk_content_empty(const struct talk_content *c)
{
    return c->mentions.n == 0 && c->files.n == 0 && c->stamp.n == 0 && !c->location.v && !c->contact.v && !c->poll.v && !c->forward.v && !c->system.v;
}

sv talk_content_text(struct ctx *x, const struct talk_content *c)
{
    struct str text = STR_IN(x->arena);
    struct json j = JSON_TO(&text);

    if (talk_content_empty(c))
        return SV_NONE;
    schema_write(&j, NULL, &talk_content, c);
    return str_sv(&text);
}

bool talk_content_read(struct ctx *x, sv text, struct talk_content *out)
{
    struct json_value v;
    const char *error;

    *out = (struct talk_content){0};
    if (text.n == 0)
        return true;
    if (!json_read(x->arena, text, &v, &error))
        return fail(&x->failure, E_INTERNAL, "content of a message: %s", error);
    return schema_read(x->arena, &talk_content, &v, out, &x->failure);
}

static const struct talk_picture stamps[] = {
#define STAMP(name, ja, en, words) {name, ja, en, words},
#include "svc/talk/stamps.def"
#undef STAMP
};

static const struct talk_picture marks[] = {
#define MARK(mark, ja, en) {mark, ja, en, ""},
#include "svc/talk/marks.def"
#undef MARK
};

const struct talk_picture *talk_stamp_at(size_t i)
{
    return i < COUNT(stamps) ? &stamps[i] : NULL;
}

const struct talk_picture *talk_mark_at(size_t i)
{
    return i < COUNT(marks) ? &marks[i] : NULL;
}

static bool known(sv name, const struct talk_picture *(*at)(size_t))
{
    const struct talk_picture *p;

    for (size_t i = 0; (p = at(i)); i++)
        if (sv_equal(name, sv_c(p->name)))
            return true;
    return false;
}

bool talk_stamp_known(sv name)
{
    return known(name, talk_stamp_at);
}

bool talk_mark_known(sv mark)
{
    return known(mark, talk_mark_at);
}
