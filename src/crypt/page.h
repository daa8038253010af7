/* crypt/page.h: a page of a database file as SQLCipher 4 writes it: AES-256-CBC under a random IV, then HMAC-SHA512 over the
 * ciphertext, the IV and the page's number.
 *     page_key_new() -> page_seal() / page_open() … -> page_key_free()
 * What a key costs is paid once: the rounds of AES are kept, and the states of HMAC after its key. A page then costs its
 * own bytes. One thread at a time. */
#ifndef ENGAWA_CRYPT_PAGE_H
#define ENGAWA_CRYPT_PAGE_H

#include "crypt/secret.h"

#define PAGE_SALT 16
#define PAGE_TAIL 80                                      /* IV 16, tag 64: directly behind the page's bytes */

struct page_key;

/* `key`: 32 bytes. The key of the tag is derived from it and from the file's salt. */
struct page_key *page_key_new(const struct secret *key, const unsigned char salt[PAGE_SALT]);
void page_key_free(struct page_key **k);                  /* NULL is fine; leaves NULL behind */

/* `n` bytes (whole blocks of 16) in place, and PAGE_TAIL bytes behind them. */
void page_seal(struct page_key *k, uint32_t number, unsigned char *p, size_t n);
bool page_open(struct page_key *k, uint32_t number, unsigned char *p, size_t n);      /* false: not authentic, nothing changed */

#endif
