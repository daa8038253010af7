/* test/bench/tools/first.c: how long somebody waits for a first answer, over TLS.
 * usage: first PORT CA ORIGIN start PROGRAM DATA WORKGROUP LOGIN PASSWORD
 *            executes PROGRAM --data DATA (what it says goes to DATA/log.txt) and signs in as soon as it can; prints the microseconds
 *            from exec to the answer, then stops it
 *        first … wake TENANT COOKIE
 *            over one connection, for each line of standard input: GET /t/TENANT/me; prints its microseconds */
#include "measure.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define GIVE_UP_S 30
#define AGAIN_US  200

static struct {
    int port;
    const char *origin;
    SSL_CTX *tls;
} to;

/* A connection, as soon as somebody takes it. */
static SSL *dial(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)to.port)};
    double end = now() + GIVE_UP_S;
    int one = 1;

    for (;;) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
        if (connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0) {
            SSL *ssl = SSL_new(to.tls);
            SSL_set_fd(ssl, fd);
            SSL_set_tlsext_host_name(ssl, "localhost");
            if (SSL_connect(ssl) == 1)
                return ssl;
            SSL_free(ssl);
        }
        close(fd);
        if (now() > end)
            fail("nobody answers at port %d", to.port);
        usleep(AGAIN_US);
    }
}

/* The status of a whole answer. */
static int answer(SSL *ssl)
{
    static char in[65536];
    size_t n = 0;

    for (;;) {
        int r = SSL_read(ssl, in + n, (int)(sizeof(in) - 1 - n));
        if (r <= 0)
            fail("the connection ended");
        n += (size_t)r;
        in[n] = '\0';
        const char *end = strstr(in, "\r\n\r\n"), *length = strstr(in, "Content-Length: ");
        if (end && length && n >= (size_t)(end + 4 - in) + strtoul(length + 16, NULL, 10))
            return atoi(in + 9);
    }
}

static int asked(SSL *ssl, const char *line, const char *cookie, const char *body)
{
    char ask[2000];
    int n = snprintf(ask, sizeof(ask), "%s HTTP/1.1\r\nHost: localhost:%d\r\nOrigin: %s\r\nX-Engawa: 1\r\n", line, to.port, to.origin);

    if (cookie)
        n += snprintf(ask + n, sizeof(ask) - (size_t)n, "Cookie: %s\r\n", cookie);
    if (body)
        n += snprintf(ask + n, sizeof(ask) - (size_t)n, "Content-Type: application/json\r\nContent-Length: %zu\r\n", strlen(body));
    n += snprintf(ask + n, sizeof(ask) - (size_t)n, "\r\n%s", body ? body : "");
    if (SSL_write(ssl, ask, n) != n)
        fail("the connection ended");
    return answer(ssl);
}

static void start(char **argv)
{
    char line[100], body[400], log[4096];

    snprintf(line, sizeof(line), "POST /w/%s/session", argv[2]);
    snprintf(body, sizeof(body), "{\"id\":\"%s\",\"password\":\"%s\",\"client\":\"web\"}", argv[3], argv[4]);
    snprintf(log, sizeof(log), "%s/log.txt", argv[1]);
    double from = now();
    pid_t pid = fork();
    if (pid == 0) {
        int fd = open(log, O_CREAT | O_APPEND | O_WRONLY, 0600);
        dup2(fd, 1);
        dup2(fd, 2);
        execl(argv[0], argv[0], "--data", argv[1], (char *)NULL);
        _exit(127);
    }
    SSL *ssl = dial();
    int status;
    while ((status = asked(ssl, line, NULL, body)) == 503)     /* the company's process is not there yet */
        usleep(AGAIN_US);
    double took = now() - from;
    close(SSL_get_fd(ssl));                               /* an open connection would hold up its end */
    SSL_free(ssl);
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    if (status != 200)
        fail("sign-in: %d", status);
    printf("%.0f\n", took * 1e6);
}

static void wake(const char *tenant, const char *cookie)
{
    char line[100], order[100];
    SSL *ssl = dial();

    snprintf(line, sizeof(line), "GET /t/%s/me", tenant);
    while (fgets(order, sizeof(order), stdin)) {
        double from = now();
        int status = asked(ssl, line, cookie, NULL);
        if (status != 200)
            fail("GET /me: %d", status);
        printf("%.0f\n", (now() - from) * 1e6);
        fflush(stdout);
    }
}

int main(int argc, char **argv)
{
    if (argc < 5)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    to.port = atoi(argv[1]);
    to.origin = argv[3];
    to.tls = SSL_CTX_new(TLS_client_method());
    if (SSL_CTX_load_verify_locations(to.tls, argv[2], NULL) != 1)
        fail("no certificate authority in %s", argv[2]);
    SSL_CTX_set_verify(to.tls, SSL_VERIFY_PEER, NULL);
    if (argc == 10 && strcmp(argv[4], "start") == 0)
        start(argv + 5);
    else if (argc == 7 && strcmp(argv[4], "wake") == 0)
        wake(argv[5], argv[6]);
    else
        return 2;
    return 0;
}
