/* test/sim/sim.h: a tenant's core under a seed. One thread drains the queues of the tenant's process (sim_sched.c instead of
 * core/sched.c), its clock is a number, keyd a function (sim_keyd.c), the disk forgets or tears what was not synced
 * (sim_disk.c), and clients talk to it in the edge's frames, lose their connections and come back (sim_client.c).
 *     a seed: copy of the base -> lives, each a process of its own that ends by a cut or in peace -> a last one without faults,
 *     in which everything is looked through
 * What outlives a life stands in `world`, which is shared memory; all that happens is decided by world->random alone, so a
 * seed does the same again and has the same hash. */
#ifndef ENGAWA_SIM_H
#define ENGAWA_SIM_H

#include "base/str.h"
#include "crypt/hash.h"
#include "role/proto.h"

#include <sys/types.h>

#define CLIENTS   4
#define ROOMS     3
#define POSTS     600
#define SEQS      (POSTS + 1)
#define TOPICS    16
#define WORKERS   8
#define FILES     8
#define SECTOR    512
#define VERSIONS  49152
#define FILE_SECTORS 65536                                /* 32 MiB */

enum { EXIT_CUT = 40, EXIT_WRONG = 41, EXIT_FULL = 42 };

struct sim_post {
    int client, room, nth;                                /* the nth of that client in that room, from 1 */
    int64_t seq;                                          /* 0: nobody has heard of it */
    bool acked;
};

enum sim_state { OFF, ASKED_TICKET, ASKED_OPEN, ASKED_SYNC, ON };

struct sim_client {
    int64_t member;
    char sid[200];
    int64_t pos;                                          /* all before it was heard */
    uint16_t seen[ROOMS][SEQS];                           /* post + 1 */
    int posts[ROOMS];                                     /* made so far */
    /* of the connection at hand; forgotten with a life */
    enum sim_state state;
    uint32_t gen;
    int64_t live;                                         /* the newest position heard on it */
    int64_t topics[TOPICS];
    int waits[ROOMS];                                     /* post + 1 that is on its way */
};

struct sim_file {
    char name[64];
    int64_t size;                                         /* as synced */
    bool dirty;
    uint8_t touched[FILE_SECTORS / 8];
};

/* What a sector may hold after a cut: what it held when it was synced last, or any of what was written since. */
struct sim_version {
    uint32_t file, sector;
    unsigned char b[SECTOR];
};

struct sim_disk {
    int64_t cut_in;                                       /* writes and syncs until the power goes; -1: it stays */
    int64_t full_in, full_for;                            /* … until there is no room, and how many times there is none */
    int64_t fsync_in;                                     /* … until an fsync fails */
    bool fsync_failed, full_happened;
    struct sim_file files[FILES];
    size_t versions_n;
    struct sim_version versions[VERSIONS];
};

struct world {
    uint64_t random, hash;
    int64_t now_us;
    bool last;                                            /* the life without faults */
    int life;
    int64_t steps, cuts, frames, fulls, fsyncs;           /* figures */
    char wrong[512];                                      /* the first thing that should not be */
    int64_t signed_size;                                  /* keyd's last head */
    unsigned char signed_root[32];
    int64_t rooms[ROOMS];
    uint16_t truth[ROOMS][SEQS];                          /* post + 1, as it was told first */
    size_t posts_n;
    struct sim_post posts[POSTS];
    struct sim_client clients[CLIENTS];
    struct sim_disk disk;
};
extern struct world *world;

uint64_t sim_random(uint64_t below);                      /* 0 … below - 1 */
void sim_note(uint64_t what);                             /* into the hash */
/* The first one stands in world->wrong, and the life ends. */
PRINTF(1, 2) _Noreturn void sim_wrong(const char *fmt, ...);

/* sim_sched.c */
bool sched_step(void);                                    /* some jobs of one queue; false: all are empty */

/* sim_disk.c */
void disk_begin(void);                                    /* before the first database of a process is opened */
void disk_tear(void);                                     /* after a cut, by the process that outlives it */

/* sim_house.c */
void house_open(void);
void house_close(void);
void house_frame(enum frame_type type, uint32_t conn, uint32_t gen, uint64_t a, sv payload);    /* an edge's */
void house_drain(void);                                   /* what has left goes to the clients */
void house_tick(void);
void house_base(void);                                    /* the company, its members, rooms and sessions */
void house_audited(void);                                 /* every message has its row, the database is whole, the tree fits */

/* sim_client.c */
void clients_begin(void);                                 /* of a life */
void client_step(void);                                   /* one of them does something */
void client_drop(void);                                   /* one of them loses its connection */
void client_frame(const struct ipc_head *h, sv payload);
bool clients_done(void);                                  /* all are connected, and nothing is on its way */
void clients_check(void);                                 /* all that was acknowledged or seen is there, once, in one order */

#endif
