/* role/backup_file.h: the file of a backup: records, each sealed by itself under a key of this file alone.
 *     writing: backup_out_new() -> backup_piece() backup_data() … backup_piece_end(), backup_tables() … -> backup_out_end()
 *     reading: backup_in_new() -> backup_next() … until BACKUP_END -> backup_in_free()
 * The file begins with "EGWBACK" version(2) id[16]; a record is its length (u32, big-endian) and an AEAD piece (crypt/aead.h)
 * of a letter and what it says, with "engawa backup 2\n", the id and the record's number (u64) as associated data: no record
 * can be left out, moved, doubled or taken from another file. The last one is the manifest; a file without it, or with a byte
 * behind it, is not whole. Version 1, which is read as well, has 1 in both places and says nothing of tables. Not thread-safe. Failing calls leave errno or `why`. */
#ifndef ENGAWA_ROLE_BACKUP_FILE_H
#define ENGAWA_ROLE_BACKUP_FILE_H

#include "crypt/hash.h"

#define BACKUP_ID   16
#define BACKUP_DATA 65536                                 /* most bytes of a record */
#define BACKUP_NAME 200
#define BACKUP_VERSION 2
#define BACKUP_TABLES_N (1024 * 1024)

enum backup_kind {
    BACKUP_END,                                           /* the manifest, which is the last */
    BACKUP_PIECE,                                         /* its name: "registry.db", "tenants/42/tenant.db" … */
    BACKUP_BYTES,                                         /* some of the piece's */
    BACKUP_PIECE_END,                                     /* all of them came, and have the digest that was written */
    BACKUP_TABLES,                                        /* of the database that the piece before it is: JSON, as it was seen when it was copied */
    BACKUP_DAMAGED,                                       /* `why` and `at` say what and where */
};

struct backup_out;

/* Takes fd, which is at its beginning; the key has 32 bytes. NULL: errno. */
struct backup_out *backup_out_new(int fd, const unsigned char id[BACKUP_ID], const struct secret *key);
bool backup_piece(struct backup_out *o, sv name);
bool backup_data(struct backup_out *o, sv bytes);         /* of any length */
bool backup_piece_end(struct backup_out *o);
bool backup_tables(struct backup_out *o, sv json);        /* BACKUP_TABLES_N bytes at most; between pieces */
bool backup_out_end(struct backup_out *o, sv manifest);   /* writes the manifest and syncs */
int64_t backup_out_bytes(const struct backup_out *o);
void backup_out_free(struct backup_out **o);              /* closes */

struct backup_in {
    int version;
    int64_t at;                                           /* where the record given last begins, in bytes */
    sv name;                                              /* of the piece at hand; "" between pieces */
    int64_t bytes;                                        /* of the piece at hand, so far */
    const char *why;                                      /* BACKUP_DAMAGED; a literal */
};

/* Reads the head of the file. False: it is no backup of a form that this program knows. */
bool backup_id_read(int fd, unsigned char id[BACKUP_ID]);
/* Takes fd, from its beginning. */
struct backup_in *backup_in_new(int fd, const unsigned char id[BACKUP_ID], const struct secret *key);
enum backup_kind backup_next(struct backup_in *in, sv *payload);      /* valid until the next call */
void backup_in_free(struct backup_in **in);

/* The key of one backup, from the installation's backup key (keyd's). */
void backup_file_key(const struct secret *backup_key, sv id, struct secret *out);

#endif
