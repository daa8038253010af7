/* core/op.c: finding a row by path or name, and the check of all rows at start. */
#include "core/op.h"

const char *method_name(enum method m)
{
    static const char *const names[] = {"", "GET", "POST", "PUT", "DELETE"};

    return names[m];
}

const struct op *op_at(const struct app *app, size_t i)
{
    for (size_t t = 0; t < app->n_tables; t++) {
        if (i < app->tables[t]->n)
            return &app->tables[t]->ops[i];
        i -= app->tables[t]->n;
    }
    return NULL;
}

const struct op *op_by_name(const struct app *app, sv name)
{
    const struct op *op;

    for (size_t i = 0; (op = op_at(app, i)); i++)
        if (sv_equal(name, sv_c(op->name)))
            return op;
    return NULL;
}

/* Part by part; a part of the pattern that begins with ':' takes any non-empty part. */
static bool path_matches(sv pattern, sv path, sv *param)
{
    sv want, have;

    *param = SV_NONE;
    while (sv_cut(&pattern, '/', &want)) {
        if (!sv_cut(&path, '/', &have))
            return false;
        if (want.n && want.p[0] == ':') {
            if (have.n == 0)
                return false;
            *param = have;
        } else if (!sv_equal(want, have)) {
            return false;
        }
    }
    return !path.p;
}

const struct op *op_by_path(const struct app *app, struct ctx *x, enum method m, sv path, struct call *c)
{
    const struct op *op;
    bool known = false;
    sv param;

    for (size_t i = 0; (op = op_at(app, i)); i++) {
        if (!op->path || !path_matches(sv_c(op->path), path, &param))
            continue;
        known = true;
        if (op->method != m)
            continue;
        c->op = op;
        if (!percent_read(x->arena, param, &c->object_text)) {
            fail(&x->failure, E_NOT_FOUND, "bad escape in a path");
            return NULL;
        }
        return op;
    }
#ifdef MUTANT_WORDS_IN_LOG
    fail(&x->failure, known ? E_METHOD : E_NOT_FOUND, "no operation at %.*s", SV_ARG(path));
#endif
    fail(&x->failure, known ? E_METHOD : E_NOT_FOUND, "no operation answers %s there", method_name(m));
    return NULL;
}

/* One path that both patterns take? Then the order of the tables would decide who answers. */
static bool paths_collide(sv a, sv b)
{
    sv one, two;

    while (sv_cut(&a, '/', &one)) {
        if (!sv_cut(&b, '/', &two))
            return false;
        bool open = (one.n && one.p[0] == ':') || (two.n && two.p[0] == ':');
        if (!open && !sv_equal(one, two))
            return false;
    }
    return !b.p;
}

static size_t params(const char *path)
{
    sv rest = sv_c(path), part;
    size_t n = 0;

    while (sv_cut(&rest, '/', &part))
        n += part.n && part.p[0] == ':';
    return n;
}

/* The path's one parameter is the object's, and an operation without an object has none: nobody would look at it. */
static bool path_sound(const struct app *app, const struct op *op)
{
    if (!op->path)
        return op->object == OBJ_NONE || op->who == WHO_OPERATOR;
    if (op->object == OBJ_NONE)
        return params(op->path) == 0;
    return params(op->path) == 1 && sv_find(sv_c(op->path), sv_c(app->objects[op->object].param), NULL);
}

/* A GET passes without the marks of our own pages: it carries no body and changes nothing. It may stand on the writer
 * for the row that says it was viewed. */
static bool method_sound(const struct op *op)
{
    return op->method != GET || (!op->in && !(op->flags & OP_SLOW) && (!(op->flags & OP_WRITE) || op->audit != AUDIT_NONE));
}

/* A file has no struct, leaves by HTTP, and is no act but a reading. */
static bool file_sound(const struct op *op)
{
    return !(op->flags & OP_FILE) || (op->method == GET && !op->out && !(op->flags & OP_WS));
}

/* Bytes come by PUT, one way alone, and go to the disk before the writer hears of them. */
static bool body_sound(const struct op *op)
{
    return !(op->flags & OP_BODY) || (op->method == PUT && !op->in && op->flags & OP_SLOW && !(op->flags & OP_WS) && op->who == WHO_MEMBER);
}

/* Whatever changes something has a row of the log; what only needs its place in the order, or is a member's unsaid own, says
 * so. */
static bool audit_sound(const struct op *op)
{
    if (op->flags & (OP_LIVE | OP_OWN))
        return op->flags & OP_WRITE && op->who == WHO_MEMBER && op->audit == AUDIT_NONE;
    return !(op->flags & (OP_WRITE | OP_SLOW)) || op->audit != AUDIT_NONE;
}

static bool row_sound(const struct app *app, const struct op *op)
{
    int kind = op->flags & (OP_QUICK | OP_READ | OP_WRITE | OP_SLOW);

    return op->name && op->doc && op->run && op->who != WHO_UNSET && op->audit != AUDIT_UNSET &&
           (kind == OP_QUICK || kind == OP_READ || kind == OP_WRITE || kind == OP_SLOW) &&
           !(op->flags & OP_SLOW) == !op->prepare &&
           (op->who == WHO_OPERATOR ? !op->path && op->method == NO_METHOD : op->path && op->method != NO_METHOD) &&
           (op->who == WHO_CONSOLE || !(op->flags & OP_SUPER)) && (op->who == WHO_CONSOLE) == (op->menu != MENU_NONE) &&
           (op->who == WHO_MEMBER) == (op->service != SERVICE_UNSET) && (unsigned)op->object < OBJECTS &&
           path_sound(app, op) && method_sound(op) && file_sound(op) && body_sound(op) && audit_sound(op);
}

void ops_check(const struct app *app)
{
    const struct op *a, *b;

    for (size_t i = 0; (a = op_at(app, i)); i++) {
        if (!row_sound(app, a))
            die("operation %s: its row is incomplete or contradicts itself", a->name ? a->name : "?");
        for (size_t k = i + 1; (b = op_at(app, k)); k++)
            if (sv_equal(sv_c(a->name), sv_c(b->name)) ||
                (a->path && b->path && a->method == b->method && paths_collide(sv_c(a->path), sv_c(b->path))))
                die("operation %s stands twice", a->name);
    }
}
