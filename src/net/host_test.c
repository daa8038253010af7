/* net/host_test.c: names, addresses and ports are told apart. */
#include "net/host.h"

#include "base/test.h"

TEST(host_and_port)
{
    static const struct { const char *text, *host, *port; bool address, localhost; } t[] = {
        {"localhost", "localhost", NULL, false, true},
        {"Localhost:8443", "Localhost", "8443", false, true},
        {"a.localhost:1", "a.localhost", "1", false, true},
        {"localhost.example.com", "localhost.example.com", NULL, false, false},
        {"chat.example.com:443", "chat.example.com", "443", false, false},
        {"192.0.2.7:8443", "192.0.2.7", "8443", true, false},
        {"192.0.2", "192.0.2", NULL, false, false},
        {"[2001:db8::1]", "[2001:db8::1]", NULL, true, false},
        {"[2001:db8::1]:8443", "[2001:db8::1]", "8443", true, false},
        {"[2001:db8::1", "[2001:db8::1", NULL, false, false},
        {"[]", "[]", NULL, false, false},
        {"[", "[", NULL, false, false},
        {":8443", "", "8443", false, false},
        {"chat.example.com:", "chat.example.com", "", false, false},
        {"", "", NULL, false, false},
        {"0123456789012345678901234567890123456789012345678", "0123456789012345678901234567890123456789012345678", NULL, false, false},
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        sv host, port;
        host_split(sv_c(t[i].text), &host, &port);
        CHECK_STR_AT(i, host, sv_c(t[i].host));
        CHECK_AT(i, !port.p == !t[i].port);
        CHECK_STR_AT(i, port, t[i].port ? sv_c(t[i].port) : SV_NONE);
        CHECK_INT_AT(i, host_is_address(host), t[i].address);
        CHECK_INT_AT(i, host_is_localhost(host), t[i].localhost);
    }
    CHECK(host_is_address(SV("2001:db8::1")));            /* as it is typed where no port can follow */
}
