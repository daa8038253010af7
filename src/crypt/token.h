/* crypt/token.h: secrets that a client carries: 256 random bits as 43 characters of base64url.
 * The store keeps only token_hash(); a token is written out once, where it is made. */
#ifndef ENGAWA_CRYPT_TOKEN_H
#define ENGAWA_CRYPT_TOKEN_H

#include "crypt/hash.h"

#define TOKEN_CHARS 43

void token_new(struct secret *token);                     /* the 43 characters */
bool token_well_formed(sv text);
struct sha256 token_hash(sv text);                        /* SHA-256 of the characters */

#endif
