/* role/ctl_questions.c: asks what an installation needs to know, in the language of the terminal. */
#include "role/ctl_questions.h"

#include "net/host.h"
#include "net/tls.h"
#include "role/control_registry.h"
#include "role/page.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LINE_MAX_BYTES 1000
#define PEM_BYTES      (256 * 1024)

struct asker {
    struct ctl *c;
    struct answers *to;
    bool asks, japanese;
};

/* A check's answer: NULL, or what is wrong and what to do. */
typedef const char *check_fn(const struct asker *a, sv value);

static const char *say(const struct asker *a, const char *ja, const char *en)
{
    return a->japanese ? ja : en;
}

static bool locale_japanese(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

    for (size_t i = 0; i < COUNT(names); i++) {
        const char *v = getenv(names[i]);
        if (v && *v)
            return strncmp(v, "ja", 2) == 0;
    }
    return false;
}

/* ---- checks ---- */

static const char *check_company(const struct asker *a, sv v)
{
    return v.n > 200 ? say(a, "長すぎます。200 バイトまでで入力してください。", "This is too long: 200 bytes at most.") : NULL;
}

static const char *check_workgroup(const struct asker *a, sv v)
{
    char name[WORKGROUP_MAX + 1];

    return workgroup_read(v, name) ? NULL
                                   : say(a, "英字、数字、ハイフン、ピリオドで、2 〜 63 文字にしてください。例: hiyodori",
                                         "Use 2 to 63 letters, digits, hyphens and dots, such as hiyodori.");
}

static bool host_character(char c)
{
    return ((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

static const char *check_host(const struct asker *a, sv v)
{
    bool good = v.n > 0 && v.n <= 253 && v.p[0] != '-' && v.p[0] != '.' && v.p[v.n - 1] != '.' && v.p[v.n - 1] != '-';

    for (size_t i = 0; good && i < v.n; i++)
        good = host_character(v.p[i]);
    return good ? NULL
                : say(a, "ブラウザで入力する名前だけを入力してください (https:// やポート番号は不要です)。例: chat.example.com",
                      "Enter the name alone that browsers will call, without https:// and port, such as chat.example.com.");
}

static int64_t first_free_for_all(void)
{
    int64_t n = 1024;
    char text[16] = "";
    FILE *f = fopen("/proc/sys/net/ipv4/ip_unprivileged_port_start", "r");

    if (f && fgets(text, sizeof(text), f))
        sv_int(sv_trim(sv_c(text)), &n);
    if (f)
        fclose(f);
    return geteuid() == 0 ? 1 : n;
}

static bool port_taken(int64_t port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    FD fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int one = 1;

    if (fd < 0)
        return false;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    return bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0;
}

static const char *check_port(const struct asker *a, sv v)
{
    int64_t port;

    if (!sv_int(v, &port) || port < 1 || port > 65535)
        return say(a, "1 から 65535 までの数字を入力してください。例: 443", "Enter a number from 1 to 65535, such as 443.");
    if (port < first_free_for_all())
        return say(a, "このポートは root だけが使えます。root で実行するか、8443 のような大きい番号にしてください。",
                   "Only root may use this port: run this as root, or choose a greater one such as 8443.");
    if (port_taken(port))
        return say(a, "このポートはほかのプログラムが使っています。それを止めるか、ほかの番号にしてください。",
                   "Another program uses this port: stop it, or choose another port.");
    return NULL;
}

static const char *check_way(const struct asker *a, sv v)
{
    if (sv_equal(v, SV("own")))
        return NULL;
    if (!sv_equal(v, SV("development")) && !sv_equal(v, SV("acme")))
        return say(a, "own, acme, development のどれかを入力してください。", "Enter own, acme or development.");
    return ctl_devca(a->c) ? NULL
                           : say(a, "はじめの証明書を作るプログラム (devca) が見つかりません。own を選んでください。",
                                 "The program that makes a certificate to begin with (devca) is not here: choose own.");
}

static const char *check_chain(const struct asker *a, sv v)
{
    return v.n == 0 || (v.p[0] == '/' && access(sv_cstr(a->c->arena, v), R_OK) == 0)
               ? NULL
               : say(a, "このファイルは読めません。絶対パスで入力するか、空のままにして、あとで置いてください。",
                     "This file cannot be read: enter its whole path, or leave it empty and put it there later.");
}

/* Chain and key are looked at as an edge will. */
static const char *check_key(const struct asker *a, sv v)
{
    sv chain, key;
    const char *why;

    if (check_chain(a, v))
        return check_chain(a, v);
    if (v.n == 0 || a->to->chain.n == 0)
        return a->to->chain.n == v.n ? NULL : say(a, "証明書と秘密鍵は、両方のファイルを指定してください。", "Name both files, the certificate and its key.");
    if (!ctl_file(a->c->arena, a->to->chain, PEM_BYTES, &chain) || !ctl_file(a->c->arena, v, PEM_BYTES, &key))
        return say(a, "ファイルを確認してください。", "Please look at the file.");
    struct tls *t = tls_new(chain, key, &why);
    bool good = t != NULL;
    tls_free(&t);
    return good ? NULL
                : say(a, "証明書と秘密鍵が対になっていないか、PEM 形式ではありません。",
                      "The certificate and the key do not belong together, or are not in PEM form.");
}

static const char *check_contact(const struct asker *a, sv v)
{
    return v.n == 0 || page_mail(v) || page_url(v)
               ? NULL
               : say(a, "メールアドレスか https:// で始まるアドレスを入力してください。なければ空のままにしてください。",
                     "Enter a mail address or an address that begins with https://, or leave it empty.");
}

/* ---- asking ---- */

static bool read_line(const struct asker *a, sv *out)
{
    char line[LINE_MAX_BYTES + 2];

    if (!fgets(line, sizeof(line), stdin) || !strchr(line, '\n')) {
        fputc('\n', stderr);
        ctl_complain("%s", say(a, "中断しました。何も作成していません。", "broken off; nothing was made"));
        return false;
    }
    *out = sv_dup(a->c->arena, sv_trim(sv_c(line)));
    return true;
}

static bool no_good(const char *what, const char *why)
{
    ctl_complain("%s: %s", what, why);
    return false;
}

/* The flag's value, else the answer, else the default. */
static bool one(const struct asker *a, const char *flag, check_fn *check, const char *question, sv dflt, sv *out)
{
    const char *why;

    *out = ctl_value(a->c, flag);
    if (out->p)
        return (why = check(a, *out)) ? no_good(flag, why) : true;
    for (;;) {
        *out = dflt;
        if (a->asks) {
            printf("%s [%.*s]: ", question, SV_ARG(dflt.n ? dflt : sv_c(say(a, "なし", "none"))));
            fflush(stdout);
            if (!read_line(a, out))
                return false;
            if (out->n == 0)
                *out = dflt;
        }
        why = check(a, *out);
        if (!why)
            return true;
        if (!a->asks)
            return no_good(flag, why);
        printf("  %s\n", why);
    }
}

/* The first letters and digits of the company's name, where there are enough. */
static sv workgroup_of(const struct asker *a)
{
    struct str s = STR_IN(a->c->arena);

    for (size_t i = 0; i < a->to->company.n && s.n < 20; i++) {
        char c = a->to->company.p[i];
        if ((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z'))
            str_char(&s, c >= 'A' && c <= 'Z' ? (char)(c | 32) : c);
    }
    return s.n >= 2 ? str_sv(&s) : SV("office");
}

static sv host_here(const struct asker *a)
{
    char name[256] = "";

    if (gethostname(name, sizeof(name) - 1) < 0 || !strchr(name, '.') || check_host(a, sv_c(name)))
        return SV("localhost");
    return sv_dup(a->c->arena, sv_c(name));
}

static bool ask_place(struct asker *a)
{
    struct answers *to = a->to;

    if (!one(a, "--host", check_host, say(a, "2/5 ホスト名 (ブラウザで開く名前)", "2/5 Host name, as browsers call it"), host_here(a), &to->host))
        return false;
    sv port = host_is_localhost(to->host) || first_free_for_all() > 443 ? SV("8443") : SV("443");
    return one(a, "--port", check_port, say(a, "3/5 ポート番号", "3/5 Port"), port, &to->port);
}

static bool ask_certificate(struct asker *a)
{
    struct answers *to = a->to;
    sv way, dflt = host_is_localhost(to->host) && ctl_devca(a->c) ? SV("development") : SV("own");

    if (a->asks && !ctl_given(a->c, "--certificate"))
        printf("%s\n", say(a,
                           "  own: 手元の証明書  acme: 認証局から自動で取得 (Let's Encrypt など)  development: 試用の証明書",
                           "  own: a certificate you have   acme: one of a certificate authority (Let's Encrypt and others)   development: one to try with"));
    if (!one(a, "--certificate", check_way, say(a, "4/5 証明書 (own, acme, development)", "4/5 Certificate (own, acme, development)"), dflt, &way))
        return false;
    to->way = sv_equal(way, SV("own")) ? CERTIFICATE_OWN : sv_equal(way, SV("acme")) ? CERTIFICATE_ACME : CERTIFICATE_DEVELOPMENT;
    if (to->way != CERTIFICATE_OWN)
        return true;
    return one(a, "--tls-certificate", check_chain, say(a, "    証明書のファイル (PEM、中間証明書を含む)", "    Its file (PEM, with the intermediate ones)"), SV(""), &to->chain) &&
           one(a, "--tls-key", check_key, say(a, "    秘密鍵のファイル (PEM)", "    The file of its private key (PEM)"), SV(""), &to->key);
}

bool ctl_questions(struct ctl *c, struct answers *out)
{
    static const char *const flags[] = {"--company", "--workgroup", "--host", "--port", "--certificate", "--contact", "--yes", "--ask"};
    struct asker a = {.c = c, .to = out, .japanese = locale_japanese()};

    *out = (struct answers){0};
    for (size_t i = 0; i < COUNT(flags); i++)
        out->given |= ctl_given(c, flags[i]);
    a.asks = ctl_given(c, "--ask") || (isatty(STDIN_FILENO) && !ctl_given(c, "--yes") && !ctl_given(c, "--listen"));
    out->given |= a.asks;
    if (!out->given)
        return true;
    if (ctl_given(c, "--listen") || ctl_given(c, "--origin"))
        return ctl_complain("--listen and --origin say what --host and --port do: name one pair alone"), false;
    if (a.asks)
        printf("%.*s: %s\n", SV_ARG(c->data), say(&a, "ここに Engawa をインストールします。空のまま Enter を押すと [ ] の値になります。",
                                                "Engawa will be installed here. Enter alone takes what stands in [ ]."));
    return one(&a, "--company", check_company, say(&a, "1/5 会社名 (公開ページに載ります)", "1/5 Company, as it stands in the public pages"), SV(""), &out->company) &&
           one(&a, "--workgroup", check_workgroup, say(&a, "    ワークグループ (Engawa ID の @ の後ろ)", "    Workgroup, the part of Engawa IDs behind @"), workgroup_of(&a), &out->workgroup) &&
           ask_place(&a) && ask_certificate(&a) &&
           one(&a, "--contact", check_contact, say(&a, "5/5 連絡先 (問い合わせと脆弱性の報告)", "5/5 Contact, for questions and reports of weaknesses"), SV(""), &out->contact);
}
