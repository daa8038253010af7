/* net/loop.h: waiting for descriptors. No callbacks: the owner walks over what loop_wait() filled in.
 *     loop_new() -> loop_add()/loop_mod()/loop_del() … loop_wait() … -> loop_free() */
#ifndef ENGAWA_NET_LOOP_H
#define ENGAWA_NET_LOOP_H

#include "base/defs.h"

struct loop;

enum {
    LOOP_READ = 1,
    LOOP_WRITE = 2,
    LOOP_GONE = 4,                                        /* seen only: hang-up or error */
    LOOP_SHARED = 8,                                      /* loop_add() of a listener that several processes wait for:
                                                             one of them wakes; cannot be changed by loop_mod() */
};

struct loop_event {
    void *what;                                           /* as given to loop_add() */
    int events;
};

struct loop *loop_new(void);
void loop_free(struct loop **l);
bool loop_add(struct loop *l, int fd, int events, void *what);   /* false: no descriptors left */
void loop_mod(struct loop *l, int fd, int events, void *what);
void loop_del(struct loop *l, int fd);
/* Waits at most timeout_ms (-1: for ever); number of events, 0 on time-out or signal. */
int  loop_wait(struct loop *l, struct loop_event *out, int max, int timeout_ms);

#endif
