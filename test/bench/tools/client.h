/* test/bench/tools/client.h: a crowd of browsers in one thread, for the tools that measure: each connection comes as one of them
 * does (TLS, a ticket by its cookie, the WebSocket) and reads what it is sent. A disordered message, a refusal or a connection that
 * ends ends the program.
 *     client_begin() -> client_read() -> client_open() -> client_ask() · client_flush() · client_turn() … */
#ifndef ENGAWA_BENCH_CLIENT_H
#define ENGAWA_BENCH_CLIENT_H

#include <openssl/ssl.h>
#include <stdbool.h>

#include "measure.h"

enum state { AWAY, HANDSHAKE, TICKET, OPENING, OPEN };

struct conn {
    enum state state;
    int fd;
    SSL *ssl;
    SSL_SESSION *session;                                 /* the newest ticket */
    char cookie[400], room[24];
    char *in, *out;
    size_t in_n, in_cap, out_n, out_cap;
    bool writes;
    uint64_t seq;                                         /* of the last message; 0: none yet */
    unsigned asked;
    double sent;                                          /* when it asked last */
    double ask_at;                                        /* for its ticket, once more; 0: not */
};

struct crowd {
    int port, epoll;
    const char *origin, *tenant;
    SSL_CTX *tls;
    struct conn *conns;
    size_t n, open, dialing;
    uint64_t asked, answered;                             /* operations over all WebSockets */
    uint64_t resumed, tries;                              /* handshakes with a ticket; connections tried */
    uint64_t refused, waits;                              /* WebSockets that were refused; answers that said "not now" */
    bool may_end;                                         /* connections may be cut */
    void (*event)(struct conn *c, const char *text, size_t n);   /* a message came to the room */
    void (*answer)(struct conn *c);
};
extern struct crowd crowd;

void client_begin(int port, const char *ca, const char *origin, const char *tenant);
/* The crowd from standard input: a line "COOKIE ROOM" for each connection, then a line ".". */
void client_read(void);
/* Opens all that are not open, `at_once` at a time; seconds. */
double client_open(size_t at_once);
/* Puts an operation into the connection's queue; client_flush() or the next turn sends it. `more` stands between "op" and the end. */
void client_ask(struct conn *c, const char *op, const char *more);
void client_flush(struct conn *c);
/* Waits `ms` at most, then reads and writes what can be. */
void client_turn(int ms);

#endif
