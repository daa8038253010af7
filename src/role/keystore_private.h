/* role/keystore_private.h: what the files of the key store share. */
#ifndef ENGAWA_ROLE_KEYSTORE_PRIVATE_H
#define ENGAWA_ROLE_KEYSTORE_PRIVATE_H

#include "role/keystore.h"

struct keystore {
    int dir;
    bool rotating;
    struct secret master, next, pepper, seed, backup;     /* next: while rotating */
};

/* Writes a file so that after a crash either all of it is there or nothing; what stood there before is overwritten. */
bool key_file_put(int dir, const char *name, sv bytes, mode_t mode);
bool key_master_put(int dir, const char *name, const struct secret *key);   /* 0400 */
void key_overwrite(int fd);
/* By the master key in use; while rotating, by the next one. */
bool key_put(struct keystore *k, const char *name, char kind, int64_t number, const struct secret *key);
/* -1 absent, 0 not as it should be, 1 read. While rotating, by either key; *by_next: by the next one. */
int key_get(const struct keystore *k, const char *name, char kind, int64_t number, struct secret *out, bool *by_next, const char **why);
void key_name(char out[KEY_NAME], char kind, int64_t number);
/* Overwrites, then removes. False: none, or not removed. */
bool key_remove(int dir, const char *name);
/* The i-th file of that kind and number (number < 0: of any); false: no more. */
bool key_nth(const struct keystore *k, char kind, int64_t number, size_t i, char name[KEY_NAME]);
/* A file whose secret is a moment. */
bool key_put_ms(struct keystore *k, const char *name, char kind, int64_t number, int64_t ms);
bool key_get_ms(const struct keystore *k, const char *name, char kind, int64_t number, int64_t *ms);

#endif
