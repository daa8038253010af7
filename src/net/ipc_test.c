/* net/ipc_test.c: frames in pieces, descriptors with their frames, malformed peers, many writers, typed fields. */
#include "net/ipc.h"

#include "base/test.h"

#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void pair(struct ipc *a, struct ipc *b)
{
    int fds[2];

    ENSURE(ipc_pair(fds));
    ipc_init(a, fds[0]);
    ipc_init(b, fds[1]);
}

/* The next frame, waiting for it. */
static int await(struct ipc *c, struct ipc_head *h, sv *payload)
{
    for (;;) {
        int r = ipc_next(c, h, payload);
        if (r)
            return r;
        struct pollfd p = {.fd = c->fd, .events = POLLIN};
        poll(&p, 1, 30000);
        if (ipc_read(c) <= 0)
            return -1;
    }
}

TEST(ipc_carries_frames)
{
    struct ipc a, b;
    struct ipc_head h;
    struct str big = {0};
    sv payload;

    pair(&a, &b);
    while (big.n < IPC_PAYLOAD_MAX)
        str_char(&big, (char)big.n);
    ipc_put(&a, (struct ipc_head){.type = 7, .conn = 1, .gen = 2, .a = 3, .b = UINT64_MAX, .flags = IPC_MORE}, SV("hello"));
    for (int i = 0; i < 20; i++)
        ipc_put(&a, (struct ipc_head){.type = 8, .a = (uint64_t)i}, str_sv(&big));
    ipc_put(&a, (struct ipc_head){.type = 9}, SV_NONE);
    CHECK(ipc_flush(&a) >= 0);
    REQUIRE(await(&b, &h, &payload) == 1);
    CHECK_STR(payload, SV("hello"));
    CHECK_INT(h.type, 7);
    CHECK_INT(h.flags, IPC_MORE);
    CHECK_INT(h.conn, 1);
    CHECK_INT(h.gen, 2);
    CHECK_INT(h.a, 3);
    CHECK(h.b == UINT64_MAX);
    for (int i = 0; i < 20; i++) {
        ipc_flush(&a);
        REQUIRE(await(&b, &h, &payload) == 1);
        CHECK_INT_AT(i, h.a, i);
        CHECK_STR_AT(i, payload, str_sv(&big));
    }
    ipc_flush(&a);
    REQUIRE(await(&b, &h, &payload) == 1);
    CHECK_INT(h.type, 9);
    CHECK_INT(payload.n, 0);
    CHECK_INT(ipc_next(&b, &h, &payload), 0);
    CHECK_INT(ipc_queued(&a), 0);
    ipc_close(&a);
    CHECK_INT(ipc_read(&b), -1);
    ipc_close(&b);
    ipc_close(&b);
    str_release(&big);
}

TEST(ipc_carries_descriptors_with_their_frames)
{
    struct ipc a, b;
    struct ipc_head h;
    sv payload;
    int pipes[3][2];
    char c;

    pair(&a, &b);
    for (int i = 0; i < 3; i++)
        REQUIRE(pipe(pipes[i]) == 0);
    ipc_put(&a, (struct ipc_head){.type = 1}, SV("before"));
    for (int i = 0; i < 3; i++) {
        ipc_put_fd(&a, (struct ipc_head){.type = 2, .a = (uint64_t)i}, SV("with"), pipes[i][1]);
        ipc_put(&a, (struct ipc_head){.type = 3}, SV("between"));
    }
    CHECK_INT(ipc_flush(&a), 1);
    REQUIRE(await(&b, &h, &payload) == 1);
    CHECK_INT(ipc_take_fd(&b), -1);
    for (int i = 0; i < 3; i++) {
        REQUIRE(await(&b, &h, &payload) == 1);
        CHECK_INT_AT(i, h.a, i);
        CHECK_INT_AT(i, h.flags, IPC_FD);
        int fd = ipc_take_fd(&b);
        REQUIRE(fd >= 0);
        CHECK_INT_AT(i, write(fd, "x", 1), 1);
        CHECK_INT_AT(i, read(pipes[i][0], &c, 1), 1);
        close(fd);
        close(pipes[i][0]);
        REQUIRE(await(&b, &h, &payload) == 1);
        CHECK_INT_AT(i, h.type, 3);
    }
    ipc_close(&a);
    ipc_close(&b);
}

TEST(ipc_refuses_malformed_peers)
{
    static const struct {
        uint32_t len;
        uint16_t type, flags;
    } t[] = {
        {IPC_PAYLOAD_MAX + 1, 1, 0}, {UINT32_MAX, 1, 0}, {0, 0, 0}, {0, 1, 4}, {0, 1, 0x8000}, {0, 1, IPC_FD} /* no fd came */,
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        struct ipc a, b;
        struct ipc_head h = {.len = t[i].len, .type = t[i].type, .flags = t[i].flags};
        sv payload;
        pair(&a, &b);
        CHECK_INT_AT(i, write(a.fd, &h, sizeof(h)), sizeof(h));
        CHECK_INT_AT(i, await(&b, &h, &payload), -1);
        ipc_close(&a);
        ipc_close(&b);
    }
}

static void *answerer(void *arg)
{
    struct ipc *c = arg;
    struct ipc_head h;
    sv payload;

    if (await(c, &h, &payload) == 1) {
        ipc_put(c, (struct ipc_head){.type = (uint16_t)(h.type + 1), .a = h.a}, payload);
        ipc_flush(c);
    }
    return NULL;
}

TEST(ipc_call_waits_for_its_answer)
{
    struct ipc a, b;
    struct ipc_head h;
    sv reply;
    pthread_t t;

    pair(&a, &b);
    CHECK(!ipc_call(&a, (struct ipc_head){.type = 1, .a = 5}, SV("x"), 1, &h, &reply));
    REQUIRE(pthread_create(&t, NULL, answerer, &b) == 0);
    pthread_join(t, NULL);                                /* the answer to 5 is there now */
    CHECK(ipc_call(&a, (struct ipc_head){.type = 1, .a = 5}, SV("y"), 30000, &h, &reply));
    CHECK_STR(reply, SV("x"));
    CHECK_INT(h.type, 2);
    ipc_put(&b, (struct ipc_head){.type = 2, .a = 6}, SV("foreign"));
    ipc_flush(&b);
    CHECK(!ipc_call(&a, (struct ipc_head){.type = 1, .a = 7}, SV("z"), 30000, &h, &reply));
    ipc_close(&b);
    CHECK(!ipc_call(&a, (struct ipc_head){.type = 1, .a = 8}, SV("z"), 30000, &h, &reply));
    ipc_close(&a);
}

#define WRITERS 4
#define EACH    2000

struct writer {
    struct ipc_shared *out;
    uint64_t n;
    bool ok;
};

static void *write_many(void *arg)
{
    struct writer *w = arg;
    char text[500];

    memset(text, (int)('a' + w->n), sizeof(text));
    w->ok = true;
    for (uint64_t i = 0; i < EACH; i++) {
        struct ipc_head h = {.type = 1, .a = w->n, .b = i};
        w->ok &= ipc_shared_put(w->out, &h, sv_n(text, 1 + i % sizeof(text)));
    }
    return NULL;
}

TEST(ipc_shared_keeps_frames_whole_and_in_order)
{
    struct ipc a, b;
    struct ipc_head h;
    sv payload;
    pthread_t threads[WRITERS];
    struct writer w[WRITERS];
    uint64_t next[WRITERS] = {0};
    int broken = 0;

    pair(&a, &b);
    struct ipc_shared *out = ipc_shared_new(a.fd);
    for (uint64_t i = 0; i < WRITERS; i++) {
        w[i] = (struct writer){.out = out, .n = i};
        REQUIRE(pthread_create(&threads[i], NULL, write_many, &w[i]) == 0);
    }
    for (int got = 0; got < WRITERS * EACH; got++) {
        REQUIRE(await(&b, &h, &payload) == 1);
        REQUIRE(h.a < WRITERS);
        if (h.b != next[h.a]++ || payload.n != 1 + h.b % 500 || payload.p[payload.n - 1] != (char)('a' + h.a))
            broken++;
    }
    CHECK_INT(broken, 0);
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(threads[i], NULL);
        CHECK(w[i].ok);
    }
    ipc_close(&b);
    CHECK(!ipc_shared_put(out, &(struct ipc_head){.type = 1}, SV("x")));
    ipc_shared_free(&out);
    CHECK(out == NULL);
    ipc_close(&a);
}

TEST(ipc_typed_fields)
{
    struct str s = {0};
    struct ipc_in in;

    ipc_w_u8(&s, 200);
    ipc_w_u32(&s, UINT32_MAX);
    ipc_w_u64(&s, UINT64_MAX);
    ipc_w_bytes(&s, SV("text"));
    in = IPC_IN(str_sv(&s));
    CHECK_INT(ipc_r_u8(&in), 200);
    CHECK(ipc_r_u32(&in) == UINT32_MAX);
    CHECK(ipc_r_u64(&in) == UINT64_MAX);
    CHECK(!ipc_r_end(&in));
    CHECK_STR(ipc_r_bytes(&in, 4), SV("text"));
    CHECK(ipc_r_end(&in));
    CHECK_INT(ipc_r_u8(&in), 0);
    CHECK(!ipc_r_end(&in));
    for (size_t cut = 0; cut < s.n; cut++) {
        in = IPC_IN(sv_upto(str_sv(&s), cut));
        ipc_r_u8(&in);
        ipc_r_u32(&in);
        ipc_r_u64(&in);
        ipc_r_bytes(&in, 100);
        CHECK_AT(cut, !ipc_r_end(&in));
    }
    in = IPC_IN(sv_from(str_sv(&s), 13));
    CHECK_STR(ipc_r_bytes(&in, 3), SV(""));               /* longer than allowed */
    CHECK(!in.ok);
    str_release(&s);
}
