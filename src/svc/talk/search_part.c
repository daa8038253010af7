/* svc/talk/search_part.c: a message as one text. */
#include "svc/talk/search_part.h"

static void line(struct str *s, sv text)
{
    if (text.n == 0)
        return;
    str_char(s, '\n');
    str_put(s, text);
}

bool search_has_words(const struct search_text *t)
{
    return t->text.n || t->content.files.n || t->content.location.v || t->content.contact.v;
}

sv search_whole(struct arena *a, const struct search_text *t)
{
    const struct talk_poll *poll = t->content.poll.v;
    const struct talk_location *place = t->content.location.v;
    const struct talk_contact *contact = t->content.contact.v;
    struct str s = STR_IN(a);

    if (!poll && !place && !contact && !t->content.files.n)
        return t->text;
    str_put(&s, t->text);
    for (size_t i = 0; poll && i < poll->choices.n; i++)
        line(&s, ((const struct talk_choice *)poll->choices.v)[i].text);
    for (size_t i = 0; i < t->content.files.n; i++)
        line(&s, ((const struct talk_file *)t->content.files.v)[i].name);
    for (size_t i = 0; i < t->files.n; i++)
        line(&s, t->files.v[i]);
    if (place)
        line(&s, place->label);
    if (contact) {
        line(&s, contact->name);
        line(&s, contact->phone);
        line(&s, contact->mail);
    }
    return str_sv(&s);
}
