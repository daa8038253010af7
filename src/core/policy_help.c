/* core/policy_help.c: the settings' words by number and value. */
#include "core/policy_help.h"

static const struct policy_help helps[] = {
#define HELP(key, weaker, words, ja_help, ja_risk, ja_example, en_help, en_risk, en_example) \
    {key, weaker, words, {ja_help, ja_risk, ja_example}, {en_help, en_risk, en_example}},
#include "core/policy_help_member.def"
#include "core/policy_help_security.def"
#include "core/policy_help_service.def"
#include "core/policy_help_watch.def"
#undef HELP
};

static const struct policy_word words[] = {
#define WORD(key, value, ja, en) {key, value, ja, en},
#include "core/policy_words.def"
#undef WORD
};

const struct policy_help *policy_help(size_t i)
{
    sv key = sv_c(policy_def(i)->key);

    for (size_t k = 0; k < COUNT(helps); k++)
        if (sv_equal(key, sv_c(helps[k].key)))
            return &helps[k];
    die("no words for the setting %s", policy_def(i)->key);
}

size_t policy_help_count(void)
{
    return COUNT(helps);
}

size_t policy_word_count(void)
{
    return COUNT(words);
}

const struct policy_word *policy_word(size_t n)
{
    ENSURE(n < COUNT(words));
    return &words[n];
}

const struct policy_word *policy_word_find(size_t i, sv value)
{
    const struct policy_word *any = NULL;
    sv key = sv_c(policy_def(i)->key);

    for (size_t n = 0; n < COUNT(words); n++) {
        if (!sv_equal(value, sv_c(words[n].value)))
            continue;
        if (sv_equal(key, sv_c(words[n].key)))
            return &words[n];
        if (sv_equal(sv_c(words[n].key), SV("*")))
            any = &words[n];
    }
    return any;
}

const char *policy_each(size_t i)
{
    static const struct {
        const char *prefix, *each;
    } t[] = {
        {"orgunit.", "unit"},
        {"group.", "group"},
        {"room.", "room"},
        {"note.comments", "room"},
        {"mail.list.", "room"},
        {"template.", "template"},
        {"drive.shared.", "drive"},
        {"monitor.talk.policy.", "policy"},
        {"monitor.drive.policy.", "policy"},
        {"member.app_", "member"},
    };

    for (size_t k = 0; k < COUNT(t); k++)
        if (sv_starts(sv_c(policy_def(i)->key), sv_c(t[k].prefix)))
            return t[k].each;
    return "";
}
