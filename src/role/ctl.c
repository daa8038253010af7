/* role/ctl.c: arguments by the table, the call, what is printed. */
#include "role/ctl.h"

#include "role/proto.h"
#include "role/roles.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define ANSWER_MAX (256u * 1024 * 1024)

int ctl_complain(const char *fmt, ...)
{
    va_list ap;

    fputs("engawactl: ", stderr);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    return CTL_FILE;
}

bool ctl_file(struct arena *a, sv path, size_t max, sv *out)
{
    bool standard = sv_equal(path, SV("-"));
    FD own = standard ? -1 : open(sv_cstr(a, path), O_RDONLY | O_CLOEXEC);
    int fd = standard ? STDIN_FILENO : own;
    struct str text = STR_IN(a);

    if (fd < 0) {
        ctl_complain("%.*s: %s", SV_ARG(path), strerror(errno));
        return false;
    }
    for (;;) {
        char *room = str_room(&text, 65536);
        ssize_t n = read(fd, room, 65536);
        if (n == 0)
            break;
        if (n < 0 || text.n + (size_t)n > max) {
            ctl_complain("%.*s: %s", SV_ARG(path), n < 0 ? strerror(errno) : "too large");
            return false;
        }
        str_grew(&text, (size_t)n);
    }
    *out = str_sv(&text);
    return true;
}

/* ---- arguments */

static const struct ctl_flag *flag_at(const struct ctl_command *c, size_t i)
{
    return i < CTL_FLAGS && c->flags[i].name ? &c->flags[i] : NULL;
}

sv ctl_value(const struct ctl *c, const char *flag)
{
    for (size_t i = 0; flag_at(c->command, i); i++)
        if (sv_equal(sv_c(c->command->flags[i].name), sv_c(flag)))
            return c->values[i];
    return SV_NONE;
}

bool ctl_given(const struct ctl *c, const char *flag)
{
    return ctl_value(c, flag).p != NULL;
}

static int help(const struct ctl_command *commands, size_t n, FILE *to)
{
    fputs("usage: engawactl [--data DIR] [--json] COMMAND [--flag VALUE] …\n"
          "DIR is the installation's data directory (default: data). --tenant WORKGROUP names a tenant.\n", to);
    for (size_t i = 0; i < n; i++) {
        fprintf(to, "\n  %s%s\n      %s\n", commands[i].name, commands[i].tenant ? " --tenant WORKGROUP" : "", commands[i].doc);
        for (size_t k = 0; flag_at(&commands[i], k); k++) {
            const struct ctl_flag *f = &commands[i].flags[k];
            if (f->type == CTL_FIXED)
                continue;
            fprintf(to, "      %-18s %s%s\n", f->name, f->doc, f->need ? "" : " (optional)");
        }
    }
    fputs("\nExit codes: 0 done, 1 refused by the server or not whole, 2 wrong use, 3 no server, 4 a file of this machine.\n", to);
    return to == stdout ? CTL_DONE : CTL_USAGE;
}

/* The row whose words come first among the arguments; *used: how many words. */
static const struct ctl_command *find(const struct ctl_command *commands, size_t n, int argc, char **argv, int *used)
{
    for (size_t i = 0; i < n; i++) {
        sv rest = sv_c(commands[i].name), word;
        int k = 0;
        while (sv_cut(&rest, ' ', &word) && k < argc && sv_equal(word, sv_c(argv[k])))
            k++;
        int words = 1;
        for (const char *p = commands[i].name; *p; p++)
            words += *p == ' ';
        if (k != words)
            continue;
        *used = k;
        return &commands[i];
    }
    return NULL;
}

static bool common_flag(struct ctl *c, sv name, int *at, int argc, char **argv)
{
    sv *to = sv_equal(name, SV("--data")) ? &c->data : sv_equal(name, SV("--tenant")) ? &c->tenant : NULL;

    if (sv_equal(name, SV("--json"))) {
        c->json = true;
        return true;
    }
    if (!to || *at + 1 >= argc)
        return false;
    *to = sv_c(argv[++*at]);
    return true;
}

static bool take_flag(struct ctl *c, int *at, int argc, char **argv)
{
    sv name = sv_c(argv[*at]);
    bool dashes = sv_starts(name, SV("--"));

    if (dashes && common_flag(c, name, at, argc, argv))
        return true;
    for (size_t i = 0; flag_at(c->command, i); i++) {
        const struct ctl_flag *f = &c->command->flags[i];
        if (f->type == CTL_FIXED)
            continue;
        bool by_place = f->name[0] != '-' && !dashes && !c->values[i].p;
        if (!by_place && !sv_equal(name, sv_c(f->name)))
            continue;
        if (by_place || f->type == CTL_SWITCH) {
            c->values[i] = name;
            return true;
        }
        if (*at + 1 >= argc || c->values[i].p)
            return false;
        c->values[i] = sv_c(argv[++*at]);
        return true;
    }
    return false;
}

static bool complete(struct ctl *c)
{
    for (size_t i = 0; flag_at(c->command, i); i++)
        if (c->command->flags[i].type == CTL_FIXED)
            c->values[i] = sv_c(c->command->flags[i].name);
        else if (c->command->flags[i].need && !c->values[i].p) {
            ctl_complain("%s: %s is missing", c->command->name, c->command->flags[i].name);
            return false;
        }
    if (c->command->tenant && !c->tenant.p) {
        ctl_complain("%s: --tenant WORKGROUP is missing", c->command->name);
        return false;
    }
    return true;
}

/* ---- flags as JSON */

static bool value_json(struct ctl *c, struct json *j, const struct ctl_flag *f, const char *name, sv value)
{
    sv text, part;
    int64_t n;

    switch (f->type) {
    case CTL_TEXT:
    case CTL_FIXED:
        json_text(j, name, value);
        return true;
    case CTL_NUMBER:
        if (!sv_int(value, &n))
            return ctl_complain("%s: \"%.*s\" is no number", f->name, SV_ARG(value)), false;
        json_int(j, name, n);
        return true;
    case CTL_LIST:
        json_list(j, name);
        while (sv_cut(&value, ',', &part))
            json_text(j, NULL, sv_trim(part));
        json_list_end(j);
        return true;
    case CTL_SECRET_FILE:
        if (!ctl_file(c->arena, value, 8192, &text))
            return false;
        if (!sv_cut(&text, '\n', &part))
            part = SV("");
        if (sv_ends(part, SV("\r")))
            part = sv_upto(part, part.n - 1);
        json_text(j, name, part);
        return true;
    case CTL_LOCAL:
    case CTL_SWITCH:
        return true;
    }
    return true;
}

bool ctl_json(struct ctl *c, struct str *out)
{
    struct json j = JSON_TO(out);
    sv open = SV("");

    json_open(&j, NULL);
    for (size_t i = 0; flag_at(c->command, i); i++) {     /* fields of one inner object stand together in the table */
        const struct ctl_flag *f = &c->command->flags[i];
        size_t dot;
        if (!c->values[i].p || !f->field)
            continue;
        bool inner = sv_find(sv_c(f->field), SV("."), &dot);
        sv object = inner ? sv_upto(sv_c(f->field), dot) : SV("");
        if (open.n && !sv_equal(open, object))
            json_close(&j);
        if (object.n && !sv_equal(open, object))
            json_open(&j, sv_cstr(c->arena, object));
        open = object;
        if (!value_json(c, &j, f, inner ? f->field + dot + 1 : f->field, c->values[i]))
            return false;
    }
    if (open.n)
        json_close(&j);
    json_close(&j);
    return true;
}

/* ---- the call */

static bool connect_to(struct ctl *c)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    sv dir = sv_printf(c->arena, "%.*s/run", SV_ARG(c->data));
    FD run = open(sv_cstr(c->arena, dir), O_PATH | O_DIRECTORY | O_CLOEXEC);

    if (c->connected)
        return true;
    snprintf(a.sun_path, sizeof(a.sun_path), "/proc/self/fd/%d/ctl.sock", run);   /* however long DIR's path is */
    int fd = run < 0 ? -1 : socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0) {
        ctl_complain("no server answers at %.*s: %s", SV_ARG(dir), strerror(errno));
        if (fd >= 0)
            close(fd);
        return false;
    }
    ipc_init(&c->ipc, fd);
    c->connected = true;
    return true;
}

static bool put_stdout(sv piece)
{
    return fwrite(piece.p, 1, piece.n, stdout) == piece.n;
}

/* Gathers the frames of one answer. */
static int gather(struct ctl *c, uint64_t a, struct str *out, struct str *error)
{
    for (;;) {
        struct pollfd p = {.fd = c->ipc.fd, .events = (short)(POLLIN | (ipc_queued(&c->ipc) ? POLLOUT : 0))};
        struct ipc_head h;
        sv payload;
        int got;
        while ((got = ipc_next(&c->ipc, &h, &payload)) > 0) {
            if (h.type != OP_ANSWER || h.a != a)
                continue;
            bool done = h.b < 300;
            struct str *to = done ? out : error;
            if (to && to->n + payload.n > ANSWER_MAX)
                return ctl_complain("the answer is too large"), CTL_NO_SERVER;
            if (to)
                str_put(to, payload);
            else if (!put_stdout(payload))
                return ctl_complain("cannot write: %s", strerror(errno));
            if (!(h.flags & IPC_MORE))
                return done ? CTL_DONE : CTL_REFUSED;
        }
        if (got < 0 || ipc_flush(&c->ipc) < 0)
            break;
        poll(&p, 1, -1);
        if (ipc_read(&c->ipc) < 0)
            break;
    }
    ctl_complain("the server hung up before it had answered");
    return CTL_NO_SERVER;
}

int ctl_call(struct ctl *c, sv op, sv workgroup, sv json, struct str *out, struct str *error)
{
    struct str payload = STR_IN(c->arena);
    uint64_t a = ++c->calls;

    if (!connect_to(c))
        return CTL_NO_SERVER;
    ipc_w_bytes(&payload, op);
    ipc_w_bytes(&payload, workgroup);
    ipc_w_bytes(&payload, json);
    if (payload.n > IPC_PAYLOAD_MAX)
        return ctl_complain("the call is too large");
    ipc_put(&c->ipc, (struct ipc_head){.type = OP_CALL, .a = a}, str_sv(&payload));
    return gather(c, a, out, error);
}

sv ctl_text_of(const struct json_value *v, const char *name)
{
    const struct json_value *f = json_get(v, sv_c(name));

    return f && f->type == JSON_TEXT ? f->text : SV("");
}

int64_t ctl_number_of(const struct json_value *v, const char *name)
{
    const struct json_value *f = json_get(v, sv_c(name));

    return f && f->type == JSON_NUMBER && f->whole ? f->i : -1;
}

bool ctl_yes_of(const struct json_value *v, const char *name)
{
    const struct json_value *f = json_get(v, sv_c(name));

    return f && f->type == JSON_BOOL && f->yes;
}

int ctl_refused(const struct ctl *c, sv error)
{
    struct json_value v = {0};
    const struct json_value *e, *code, *message, *field;

    if (c->json) {
        put_stdout(error);
        put_stdout(SV("\n"));
    }
    e = json_read(c->arena, error, &v, NULL) ? json_get(&v, SV("error")) : NULL;
    code = e ? json_get(e, SV("code")) : NULL;
    message = e ? json_get(e, SV("message")) : NULL;
    field = e ? json_get(e, SV("field")) : NULL;
    if (!code || !message || code->type != JSON_TEXT || message->type != JSON_TEXT)
        ctl_complain("refused: %.*s", SV_ARG(error));
    else if (field && field->type == JSON_TEXT)
        ctl_complain("%.*s (%.*s: %.*s)", SV_ARG(message->text), SV_ARG(code->text), SV_ARG(field->text));
    else
        ctl_complain("%.*s (%.*s)", SV_ARG(message->text), SV_ARG(code->text));
    return CTL_REFUSED;
}

static int run(struct ctl *c)
{
    struct str json = STR_IN(c->arena), out = STR_IN(c->arena), error = STR_IN(c->arena);

    if (c->command->run)
        return c->command->run(c);
    if (!ctl_json(c, &json))
        return CTL_FILE;
    int rc = ctl_call(c, sv_c(c->command->op), c->command->tenant ? c->tenant : SV(""), str_sv(&json), &out, &error);
    if (rc == CTL_REFUSED)
        return ctl_refused(c, str_sv(&error));
    if (rc == CTL_DONE)
        ctl_print(c, str_sv(&out));
    return rc;
}

int ctl_verify(struct ctl *c)
{
    struct str out = STR_IN(c->arena), error = STR_IN(c->arena);
    struct json_value v = {0};
    int rc = ctl_call(c, sv_c(c->command->op), SV(""), SV("{}"), &out, &error);

    if (rc == CTL_REFUSED)
        return ctl_refused(c, str_sv(&error));
    if (rc != CTL_DONE)
        return rc;
    ctl_print(c, str_sv(&out));
    const struct json_value *whole = json_read(c->arena, str_sv(&out), &v, NULL) ? json_get(&v, SV("whole")) : NULL;
    if (whole && whole->type == JSON_BOOL && whole->yes)
        return CTL_DONE;
    ctl_complain("the operators' log is not whole");
    return CTL_REFUSED;
}

int ctl_raw(struct ctl *c)
{
    struct str out = STR_IN(c->arena), error = STR_IN(c->arena);
    sv json = ctl_value(c, "JSON");
    int rc = ctl_call(c, ctl_value(c, "OP"), c->tenant.p ? c->tenant : SV(""), json.p ? json : SV("{}"), &out, &error);

    if (rc == CTL_REFUSED)
        return ctl_refused(c, str_sv(&error));
    if (rc == CTL_DONE)
        ctl_print(c, str_sv(&out));
    return rc;
}

int ctl_export(struct ctl *c)
{
    struct str error = STR_IN(c->arena);
    int rc = ctl_call(c, sv_c(c->command->op), c->tenant, SV("{}"), NULL, &error);

    if (rc == CTL_REFUSED)
        return ctl_refused(c, str_sv(&error));
    return rc == CTL_DONE && fflush(stdout) != 0 ? ctl_complain("cannot write: %s", strerror(errno)) : rc;
}

int ctl_main(const struct ctl_command *commands, size_t n, int argc, char **argv)
{
    struct ctl c = {.arena = arena_new(64 * 1024), .data = SV("data"), .ipc.fd = -1};
    int at = 1, used = 0, rc = CTL_USAGE;

    while (at < argc && sv_starts(sv_c(argv[at]), SV("--")) && common_flag(&c, sv_c(argv[at]), &at, argc, argv))
        at++;
    if (at < argc && (sv_equal(sv_c(argv[at]), SV("help")) || sv_equal(sv_c(argv[at]), SV("--help"))))
        rc = help(commands, n, stdout);
    else if (at < argc && sv_equal(sv_c(argv[at]), SV("--version")))
        rc = printf("engawactl %s\n", ENGAWA_VERSION) > 0 ? CTL_DONE : CTL_FILE;
    else if (!(c.command = find(commands, n, argc - at, argv + at, &used)))
        rc = help(commands, n, stderr);
    else {
        bool good = true;
        for (at += used; good && at < argc; at++)
            if (!(good = take_flag(&c, &at, argc, argv)))
                ctl_complain("%s: what is \"%s\"?", c.command->name, argv[at < argc ? at : argc - 1]);
        rc = good && complete(&c) ? run(&c) : CTL_USAGE;
    }
    ipc_close(&c.ipc);
    arena_free(&c.arena);
    return rc;
}
