/* net/tls.h: TLS 1.2 and 1.3 over non-blocking sockets, with OpenSSL.
 *     tls_new(chain, key) -> for each connection: tls_accept() -> tls_handshake() until 1 -> tls_read()/tls_write()
 *     -> tls_close()
 * Mozilla's intermediate suites, ALPN http/1.1 alone, no compression, no renegotiation, no early data, session
 * tickets. A connection keeps what it needs of its `struct tls`, so a renewed certificate simply takes its place.
 * SIGPIPE must be ignored by the process. Not thread-safe per connection. */
#ifndef ENGAWA_NET_TLS_H
#define ENGAWA_NET_TLS_H

#include "base/str.h"

#define TLS_WRITE_MAX   16384                             /* one record */
#define TLS_TICKET_SEED 80

struct tls;
struct tls_conn;

/* PEM texts. NULL: *why is a sentence (a literal). The key is wiped from OpenSSL's memory with the last user. */
struct tls *tls_new(sv chain, sv key, const char **why);
void tls_free(struct tls **t);
bool tls_covers(const struct tls *t, sv host);            /* its certificate speaks for this name */
int64_t tls_end_ms(const struct tls *t);                  /* when its certificate ends, UTC; 0: not readable */
/* Processes with the same 80 bytes take each other's tickets. */
void tls_ticket_seed(struct tls *t, const unsigned char seed[TLS_TICKET_SEED]);

struct tls_conn *tls_accept(struct tls *t, int fd);       /* does not own fd */
void tls_close(struct tls_conn **c, bool notify);         /* notify: sends close_notify if the socket takes it */
int  tls_handshake(struct tls_conn *c);                   /* 1 done, 0 wait, -1 broken */
/* > 0 bytes; 0 wait; -1 closed or broken. */
ptrdiff_t tls_read(struct tls_conn *c, void *p, size_t n);
/* After 0 the next call must begin with the same bytes and offer at least as many. n <= TLS_WRITE_MAX. */
ptrdiff_t tls_write(struct tls_conn *c, const void *p, size_t n);
bool tls_wants_write(const struct tls_conn *c);           /* a 0 above waits for LOOP_WRITE instead of LOOP_READ */
bool tls_pending(const struct tls_conn *c);               /* decrypted bytes wait that no poll will announce */
bool tls_resumed(const struct tls_conn *c);

#endif
