/* role/peers.h: the links of a role that waits on several of them in one loop (keyd, control, out).
 *     peers.loop = loop_new() -> peers_add() … -> in the loop: read, ipc_put(), peers_flush(), peers_drop() -> peers_sweep()
 * The loop's `what` of a link is its struct peer. A dropped peer stays valid until peers_sweep() at the end of a round. */
#ifndef ENGAWA_ROLE_PEERS_H
#define ENGAWA_ROLE_PEERS_H

#include "net/ipc.h"
#include "net/loop.h"
#include "role/start.h"

struct peer {
    enum role_id role;
    int64_t number;
    struct ipc ipc;
    bool dead, paused;                                    /* paused: not read from, see peers_pause() */
    bool told;                                            /* its owner has seen that it is dead */
    uint32_t uid;                                         /* ROLE_CTL: who connected, by the kernel */
    struct figures_seen *seen;                            /* what it told before; control's */
    struct peer *next;
};

struct peers {
    struct loop *loop;
    struct peer *first;
};

/* Takes fd. Replaces an older link of the same role and number. */
struct peer *peers_add(struct peers *ps, enum role_id role, int64_t number, int fd);
void peers_take(struct peers *ps, struct start *s, size_t link);            /* the i-th link of the start */
struct peer *peers_find(const struct peers *ps, enum role_id role, int64_t number);   /* NULL: none alive */
void peers_flush(struct peers *ps, struct peer *p);       /* sends what can be sent; a broken one is dropped */
void peers_pause(struct peers *ps, struct peer *p, bool paused);   /* back-pressure: leaves its bytes in the socket */
void peers_drop(struct peers *ps, struct peer *p);        /* out of the loop and closed now, freed by the sweep */
void peers_sweep(struct peers *ps);
void peers_end(struct peers *ps);                         /* drops all, frees the loop */

#endif
