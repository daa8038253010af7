/* test/bench/tools/crowd.c: what a crowd of browsers does (client.h). A lost, doubled or disordered message, an answer that does not
 * come, a refusal or a connection that ends is a failure. Times are in microseconds.
 *
 * usage: crowd PORT CA ORIGIN TENANT hold       prints "open SECONDS", then waits for the end of standard input
 *        crowd … post SECONDS                   each posts to its room, one post after the other: prints posts/s, p50 and p99 of an answer
 *        crowd … read SECONDS                   each asks for the last 50 messages of its room: the same
 *        crowd … fan IN_FLIGHT SECONDS          the first posts to its room, all are members of it: prints deliveries/s, posts/s
 *        crowd … rate PER_SECOND SECONDS        the same at a steady pace: prints posts, p50 and p99 from a post to the last member
 *        crowd … pairs SECONDS                  connections 2i and 2i + 1 answer each other in their room and mark what they read:
 *                                               prints messages/s, p50 and p99 from a post to the other
 *        crowd … again                          prints "open SECONDS"; when all connections have been cut, all come back at once with
 *                                               their TLS session tickets: prints seconds, resumed handshakes, connections tried,
 *                                               WebSockets refused among them, answers "not now" */
#include "client.h"

#include <fcntl.h>
#include <openssl/rand.h>
#include <string.h>
#include <time.h>

#define AT_ONCE   64                                      /* connections that are being opened, but when all come back */
#define GIVE_UP_S 60
#define POSTS     4000000

/* 129 bytes of Japanese, as in the figures of the design. */
#define TEXT "明日の早番、九時からに変えていただけますか。急で申し訳ありません。シフト表はこちらで直します。"

static struct samples times;

static void post(struct conn *c, const char *mark)
{
    unsigned char r[10];
    char more[700];
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    uint64_t ms = (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
    RAND_bytes(r, sizeof(r));
    snprintf(more, sizeof(more),
             "\"params\":{\"room\":\"%s\"},\"body\":{\"key\":\"%08x-%04x-7%03x-8%03x-%02x%02x%02x%02x%02x%02x\",\"text\":\"%s" TEXT "\"}", c->room,
             (unsigned)(ms >> 16), (unsigned)(ms & 0xFFFF), (r[0] << 8 | r[1]) & 0xFFF, (r[2] << 8 | r[3]) & 0xFFF, r[4], r[5], r[6], r[7],
             r[8], r[9], mark);
    client_ask(c, "talk.post", more);
}

/* All that was asked is answered, and `done` has come. */
static void drain(const uint64_t *done, uint64_t all, double until)
{
    while (crowd.answered < crowd.asked || *done < all) {
        client_turn(100);
        if (now() > until + GIVE_UP_S)
            fail("%llu of %llu answers, %llu of %llu deliveries", (unsigned long long)crowd.answered, (unsigned long long)crowd.asked,
                 (unsigned long long)*done, (unsigned long long)all);
    }
}

/* ---- each for itself: one thing after the other ---- */

static struct {
    bool reads;
    double end;
    uint64_t own;                                         /* messages that came to the one who wrote them */
} each;

static void each_ask(struct conn *c)
{
    char more[100];

    if (!each.reads) {
        post(c, "");
        return;
    }
    snprintf(more, sizeof(more), "\"params\":{\"room\":\"%s\",\"limit\":50}", c->room);
    client_ask(c, "talk.history", more);
}

static void each_answer(struct conn *c)
{
    double t = now();

    sample(&times, t - c->sent);
    if (t >= each.end)
        return;
    each_ask(c);
    client_flush(c);
}

static void each_event(struct conn *c, const char *text, size_t n)
{
    (void)c, (void)text, (void)n;
    each.own++;
}

static void each_run(bool reads, double seconds)
{
    double from = now();

    each.reads = reads;
    each.end = from + seconds;
    crowd.answer = each_answer;
    crowd.event = each_event;
    for (size_t i = 0; i < crowd.n; i++) {
        each_ask(&crowd.conns[i]);
        client_flush(&crowd.conns[i]);
    }
    while (now() < each.end)
        client_turn(100);
    drain(&each.own, 0, each.end);
    double took = now() - from;
    drain(&each.own, reads ? 0 : crowd.asked, each.end);
    printf("%.0f %u %u\n", (double)times.n / took, quantile(&times, 50), quantile(&times, 99));
}

/* ---- one room, many members ---- */

static struct {
    uint64_t posted, delivered, first;
    double *sent;
    uint32_t *reached;
    size_t in_flight;
    double end;
} fan;

static void fan_event(struct conn *c, const char *text, size_t n)
{
    (void)text, (void)n;
    fan.delivered++;
    if (!fan.first)
        fan.first = c->seq;
    uint64_t k = c->seq - fan.first;
    if (k >= fan.posted)
        fail("message %llu was not posted by us", (unsigned long long)c->seq);
    if (++fan.reached[k] == crowd.n)
        sample(&times, now() - fan.sent[k]);
}

static void fan_post(void)
{
    if (fan.posted == POSTS)
        fail("more than %d posts", POSTS);
    fan.sent[fan.posted++] = now();
    post(&crowd.conns[0], "");
}

static void fan_answer(struct conn *c)
{
    if (now() < fan.end && fan.in_flight) {
        fan_post();
        client_flush(c);
    }
}

static void fan_begin(size_t in_flight)
{
    fan.sent = calloc(POSTS, sizeof(double));
    fan.reached = calloc(POSTS, sizeof(uint32_t));
    fan.in_flight = in_flight;
    crowd.event = fan_event;
    crowd.answer = fan_answer;
}

static void fan_run(size_t in_flight, double seconds)
{
    double from = now();

    fan_begin(in_flight);
    fan.end = from + seconds;
    for (size_t i = 0; i < in_flight; i++)
        fan_post();
    client_flush(&crowd.conns[0]);
    while (now() < fan.end)
        client_turn(100);
    drain(&fan.delivered, fan.posted * crowd.n, fan.end);
    double took = now() - from;
    printf("%.0f %.0f\n", (double)fan.delivered / took, (double)fan.posted / took);
}

static void rate_run(double per_second, double seconds)
{
    double from = now();
    uint64_t all = (uint64_t)(per_second * seconds);

    fan_begin(0);
    while (fan.posted < all) {
        double due = from + (double)fan.posted / per_second - now();
        if (due <= 0) {
            fan_post();
            client_flush(&crowd.conns[0]);
        }
        client_turn(due > 0.001 ? (int)(due * 1000) : 0);
    }
    drain(&fan.delivered, all * crowd.n, from + seconds);
    if (times.n != all)
        fail("%zu of %llu posts reached all", times.n, (unsigned long long)all);
    printf("%zu %u %u\n", times.n, quantile(&times, 50), quantile(&times, 99));
}

/* ---- pairs ---- */

static struct {
    double end;
    uint64_t posted, came;
} pairs;

static const char *mark_of(const struct conn *c)
{
    return (c - crowd.conns) & 1 ? "乙 " : "甲 ";
}

static void pairs_post(struct conn *c)
{
    pairs.posted++;
    post(c, mark_of(c));
}

static void pairs_event(struct conn *c, const char *text, size_t n)
{
    struct conn *other = crowd.conns + ((size_t)(c - crowd.conns) ^ 1);
    char from[20], more[100];
    int from_n = snprintf(from, sizeof(from), "\"text\":\"%s", mark_of(other));

    pairs.came++;
    if (!memmem(text, n, from, (size_t)from_n))
        return;                                           /* its own */
    sample(&times, now() - other->sent);
    snprintf(more, sizeof(more), "\"params\":{\"room\":\"%s\"},\"body\":{\"seq\":%llu}", c->room, (unsigned long long)c->seq);
    client_ask(c, "talk.read", more);
    if (now() < pairs.end)
        pairs_post(c);                                    /* last: c->sent is the post's */
    client_flush(c);
}

static void pairs_run(double seconds)
{
    double from = now();

    if (crowd.n % 2)
        fail("an odd number of connections");
    crowd.event = pairs_event;
    pairs.end = from + seconds;
    for (size_t i = 0; i < crowd.n; i += 2) {
        pairs_post(&crowd.conns[i]);
        client_flush(&crowd.conns[i]);
    }
    while (now() < pairs.end)
        client_turn(100);
    while (times.n < pairs.posted) {                      /* the last ones find the other */
        client_turn(100);
        if (now() > pairs.end + GIVE_UP_S)
            fail("%zu of %llu messages came", times.n, (unsigned long long)pairs.posted);
    }
    double took = now() - from;
    drain(&pairs.came, pairs.posted * 2, pairs.end);      /* to both of a pair */
    printf("%.0f %u %u\n", (double)times.n / took, quantile(&times, 50), quantile(&times, 99));
}

/* ---- all come back ---- */

static void again_run(void)
{
    double begun = 0;

    crowd.may_end = true;
    while (crowd.open) {
        client_turn(100);
        if (begun == 0 && crowd.open < crowd.n)
            begun = now();
    }
    crowd.resumed = crowd.tries = 0;
    client_open(crowd.n);
    printf("%.3f %llu %llu %llu %llu\n", now() - begun, (unsigned long long)crowd.resumed, (unsigned long long)crowd.tries,
           (unsigned long long)crowd.refused, (unsigned long long)crowd.waits);
}

/* Until standard input ends. */
static void hold_run(void)
{
    while (fcntl(0, F_SETFL, O_NONBLOCK) == 0 && getchar() == EOF && !feof(stdin)) {
        clearerr(stdin);
        client_turn(50);
    }
}

int main(int argc, char **argv)
{
    double a = argc > 6 ? atof(argv[6]) : 0, b = argc > 7 ? atof(argv[7]) : 0;

    if (argc < 6)
        return 2;
    client_begin(atoi(argv[1]), argv[2], argv[3], argv[4]);
    client_read();
    double opened = client_open(AT_ONCE);
    const char *mode = argv[5];
    if (strcmp(mode, "hold") == 0 || strcmp(mode, "again") == 0) {
        printf("open %.3f\n", opened);
        fflush(stdout);
    }
    if (strcmp(mode, "hold") == 0)
        hold_run();
    else if (strcmp(mode, "post") == 0 || strcmp(mode, "read") == 0)
        each_run(strcmp(mode, "read") == 0, a);
    else if (strcmp(mode, "fan") == 0)
        fan_run((size_t)a, b);
    else if (strcmp(mode, "rate") == 0)
        rate_run(a, b);
    else if (strcmp(mode, "pairs") == 0)
        pairs_run(a);
    else if (strcmp(mode, "again") == 0)
        again_run();
    else
        return 2;
    return 0;
}
