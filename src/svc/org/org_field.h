/* svc/org/org_field.h: the fields of a member's record: form, who fills them (member.field.editable), who sees them
 * (member.field.visible and the address book's own settings), and how they are stored and searched. */
#ifndef ENGAWA_SVC_ORG_ORG_FIELD_H
#define ENGAWA_SVC_ORG_ORG_FIELD_H

#include "core/ctx.h"

struct member;

enum member_field {
    MF_FAMILY, MF_GIVEN, MF_FAMILY_READING, MF_GIVEN_READING, MF_NICKNAME, MF_EMPLOYEE_NUMBER, MF_LANGUAGE,
    MF_PHONE, MF_MOBILE, MF_PRIVATE_MAIL, MF_WORKPLACE, MF_DUTIES, MF_SNS, MF_BIRTHDAY, MF_JOIN_DATE, MF_RELATED_CONTACT,
    MF_GRADE, MF_PERMTYPE,                                /* ids of labels */
    MF_PHOTO, MF_UNIT, MF_TITLE,                          /* kept elsewhere; here for the two settings */
    MEMBER_FIELDS
};

typedef uint32_t field_mask;
#define MF(f) ((field_mask)1 << MF_##f)
#define MF_TEXTS (MF(GRADE) - 1)                          /* those that are texts of the record */

enum field_use { USE_NONE, USE_ADMIN, USE_MEMBER };

const char *org_field_name(enum member_field f);          /* "family" …, the name in JSON and in the settings */
bool org_field_find(sv name, enum member_field *f);
sv  *org_field_text(struct member *m, enum member_field f);   /* one of MF_TEXTS */

/* Who fills it. Names and readings are the admins' always; grade and permission type follow their own switches. */
enum field_use org_field_use(const struct ctx *x, enum member_field f);
/* May the acting person write all of these: `own` true: into the own record as a member. E_DENIED. */
bool org_fields_may(struct ctx *x, field_mask fields, bool own);
/* Is it shown to colleagues? */
bool org_field_visible(const struct ctx *x, enum member_field f);
/* Leaves in `m` only what colleagues may see: hidden and unused fields are "" or ID_NONE; of a birthday month and day. */
void org_member_mask(const struct ctx *x, struct member *m);
/* Blanks what the tenant does not use. */
void org_member_used(const struct ctx *x, struct member *m);

/* Trims and checks one text: E_INVALID_VALUE with the field's name. */
bool org_field_check(struct ctx *x, enum member_field f, sv *value);
/* For the audit log, without any value: {"fields":["phone","sns"]}; with a changed first day of use ("": none). */
sv   org_fields_detail(struct ctx *x, field_mask fields, sv start);

/* The sealed profile and the open text that search compares. */
sv   org_profile_write(struct ctx *x, struct member *m);
void org_profile_read(struct ctx *x, sv json, struct member *m);
sv   org_folded(struct ctx *x, const struct member *m);
/* Do all words stand in the fields? `profile`: JSON as stored. */
struct member_match {
    sv *words;
    size_t n;
    field_mask fields;
    bool login;
};
void org_match_begin(struct ctx *x, sv q, bool colleague, struct member_match *out);
bool org_match(struct ctx *x, const struct member_match *m, sv folded, sv profile);

#endif
