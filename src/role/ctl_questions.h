/* role/ctl_questions.h: the five questions of engawactl init: company and workgroup, host name, port, certificate, contact. Each has a
 * default and a check that says what to do; an answer may come by an option instead. Nothing is made before all are given. */
#ifndef ENGAWA_ROLE_CTL_QUESTIONS_H
#define ENGAWA_ROLE_CTL_QUESTIONS_H

#include "role/ctl.h"

enum certificate_way { CERTIFICATE_OWN, CERTIFICATE_ACME, CERTIFICATE_DEVELOPMENT };

struct answers {
    bool given;                                           /* false: neither asked nor answered: what the flags say is all */
    sv company, workgroup, host, port, contact, chain, key;   /* "": none; chain, key: "" where they are put there later */
    enum certificate_way way;
};

/* From options, from the terminal (or with --ask from standard input), else the defaults. False: said why. */
bool ctl_questions(struct ctl *c, struct answers *out);
const char *ctl_devca(struct ctl *c);                     /* the path of the program that makes a development CA; NULL: it is not here */

#endif
