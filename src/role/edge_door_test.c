/* role/edge_door_test.c: the edge's door: TLS, certificates, limits by address, HSTS, health. */
#include "role/edge_rig.h"

TEST(edge_limits_rates_and_connections_of_an_address)
{
    struct rig r;
    struct browser b[3];
    struct str head = {0}, body = {0};
    int refused = 0;

    rig_start(&r, "edge_rate=1\nedge_burst=3\nedge_per_address=2\n");
    REQUIRE(browser_open(&r, &b[0]));
    for (int i = 0; i < 3; i++) {
        browser_ask(&r, &b[0], "GET /healthz", "X-Forwarded-For: 192.0.2.1\r\n");
        CHECK_INT_AT(i, browser_hears(&b[0], &head, &body), 200);
    }
    for (int i = 0; i < 10; i++) {
        browser_ask(&r, &b[0], "GET /healthz", "X-Forwarded-For: 192.0.2.2\r\n");
        refused += browser_hears(&b[0], &head, &body) == 429;
    }
    CHECK(refused >= 8);                                  /* a slow machine earns a request or two meanwhile */
    CHECK(says(&head, "\r\nRetry-After: 1\r\n"));
    REQUIRE(browser_open(&r, &b[1]));
    CHECK(!browser_open(&r, &b[2]));
    for (int i = 0; i < 3; i++)
        browser_close(&b[i]);
    CHECK_INT(rig_stop(&r), 0);
    str_release(&head);
    str_release(&body);
}

TEST(edge_says_hsts_for_real_names_alone)
{
    struct rig r;
    struct str head = {0}, body = {0};
    static const struct {
        const char *host;
        bool hsts;
    } t[] = {
        {"chat.example.com", true}, {"chat.example.com:443", true}, {"localhost:9", false}, {"a.localhost", false},
        {"box.local", false},       {"192.0.2.7", false},           {"[2001:db8::1]:8443", false},
    };

    PROVES("PLT-05");
    rig_start(&r, "origin=https://chat.example.com, https://localhost:9, https://a.localhost, https://box.local, "
                  "https://192.0.2.7, https://[2001:db8::1]:8443\n");
    for (size_t i = 0; i < COUNT(t); i++) {
        struct str ask = {0};
        str_printf(&ask, "GET /healthz HTTP/1.1\r\nHost: %s\r\n\r\n", t[i].host);
        CHECK_INT_AT(i, once(&r, str_sv(&ask), &head, &body), 200);
        CHECK_AT(i, says(&head, "\r\nStrict-Transport-Security: max-age=63072000\r\n") == t[i].hsts);
        str_release(&ask);
    }
    CHECK_INT(rig_stop(&r), 0);
    str_release(&head);
    str_release(&body);
}

TEST(edge_speaks_tls_alone_and_not_the_old_ones)
{
    struct rig r;
    struct browser b;
    struct str head = {0}, body = {0};
    static const unsigned char http11[] = "\x08http/1.1", imap[] = "\x04imap";
    char answer[256];

    PROVES("PLT-03");
    rig_start(&r, "");
    SSL_CTX_set_min_proto_version(r.ctx, TLS1_VERSION);
    SSL_CTX_set_cipher_list(r.ctx, "ALL:@SECLEVEL=0");
    SSL_CTX_set_max_proto_version(r.ctx, TLS1_1_VERSION);
    CHECK(!browser_open(&r, &b));
    browser_close(&b);
    SSL_CTX_set_max_proto_version(r.ctx, TLS1_2_VERSION);
    CHECK(browser_open(&r, &b));
    CHECK(sv_starts(sv_c(SSL_get_cipher_name(b.ssl)), SV("ECDHE-")));
    browser_close(&b);
    SSL_CTX_set_max_proto_version(r.ctx, 0);
    SSL_CTX_set_alpn_protos(r.ctx, imap, sizeof(imap) - 1);
    CHECK(!browser_open(&r, &b));
    browser_close(&b);
    SSL_CTX_set_alpn_protos(r.ctx, http11, sizeof(http11) - 1);
    REQUIRE(browser_open(&r, &b));
    CHECK(sv_equal(sv_c(SSL_get_version(b.ssl)), SV("TLSv1.3")));
    browser_ask(&r, &b, "GET /healthz", "");
    CHECK_INT(browser_hears(&b, &head, &body), 200);
    r.session = SSL_get1_session(b.ssl);
    browser_close(&b);
    REQUIRE(browser_open(&r, &b));
    CHECK(SSL_session_reused(b.ssl));
    browser_close(&b);
    /* plain HTTP gets no answer with data */
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)r.port)};
    FD fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0);
    CHECK(send(fd, "GET /healthz HTTP/1.1\r\n\r\n", 25, MSG_NOSIGNAL) == 25);
    ssize_t n = recv(fd, answer, sizeof(answer), 0);
    CHECK(n <= 0 || !sv_find(sv_n(answer, (size_t)n), SV("HTTP/1.1 200"), NULL));
    CHECK_INT(rig_stop(&r), 0);
    str_release(&head);
    str_release(&body);
}

TEST(edge_takes_a_renewed_certificate)
{
    struct rig r;
    struct browser b;
    int cert, key, other, other_key;
    unsigned char before[32], after[32];

    rig_start(&r, "");
    REQUIRE(browser_open(&r, &b));
    X509 *x = SSL_get1_peer_certificate(b.ssl);
    X509_digest(x, EVP_sha256(), before, NULL);
    X509_free(x);
    rig_certificate(&cert, &key);
    rig_certificate(&other, &other_key);
    rig_give(&r, SUP_LISTENER, LISTEN_CERT, 0, cert);
    rig_give(&r, SUP_LISTENER, LISTEN_KEY, 0, key);
    rig_give(&r, SUP_LISTENER, LISTEN_CERT, 0, other);    /* without its key: nothing changes */
    close(other_key);
    for (int64_t until = clock_mono_ms() + RIG_WAIT_MS; clock_mono_ms() < until;) {
        browser_close(&b);
        REQUIRE(browser_open(&r, &b));
        x = SSL_get1_peer_certificate(b.ssl);
        X509_digest(x, EVP_sha256(), after, NULL);
        X509_free(x);
        if (memcmp(before, after, sizeof(after)) != 0)
            break;
    }
    CHECK(memcmp(before, after, sizeof(after)) != 0);
    browser_close(&b);
    CHECK_INT(rig_stop(&r), 0);
}

TEST(edge_tells_its_health)
{
    struct rig r;
    struct browser b;
    struct ipc_head h;
    sv payload;

    rig_start(&r, "");
    REQUIRE(browser_open(&r, &b));
    ipc_put(&r.control, (struct ipc_head){.type = HEALTH_ASK, .a = 9}, SV_NONE);
    ipc_flush(&r.control);
    REQUIRE(rig_wait(&r.control, HEALTH_TELL, &h, &payload));
    CHECK_INT(h.a, 9);
    CHECK(sv_find(payload, SV("\"role\":\"edge\""), NULL));
    CHECK(sv_find(payload, SV("\"connections\":1,"), NULL));
    browser_close(&b);
    CHECK_INT(rig_stop(&r), 0);
}
