/* role/backup_table.c: tables in a backup, written and compared. */
#include "role/backup_table.h"

static sv hex_of(struct arena *a, const struct sha256 *digest)
{
    struct str hex = STR_IN(a);

    hex_put(&hex, sv_n(digest->b, sizeof(digest->b)));
    return str_sv(&hex);
}

void backup_tables_json(struct json *j, const struct db_tables *t)
{
    struct arena *a = arena_new(4096);

    json_list(j, "tables");
    for (size_t i = 0; i < t->n; i++) {
        json_open(j, NULL);
        json_text(j, "name", t->v[i].name);
        json_int(j, "rows", t->v[i].rows);
        json_text(j, "sha256", hex_of(a, &t->v[i].digest));
        json_close(j);
    }
    json_list_end(j);
    arena_free(&a);
}

static bool differs(struct table_fault *out, sv table, const char *how, int64_t said, int64_t found)
{
    *out = (struct table_fault){table, how, said, found};
    return false;
}

static bool one_equal(struct arena *a, const struct json_value *said, const struct db_table *found, struct table_fault *out)
{
    const struct json_value *rows = json_get(said, SV("rows")), *digest = json_get(said, SV("sha256"));

    if (!rows || !rows->whole || !digest || digest->type != JSON_TEXT)
        return differs(out, found->name, "what was said of it has no form", 0, found->rows);
    if (rows->i != found->rows)
        return differs(out, found->name, "it has another number of rows", rows->i, found->rows);
    return sv_equal(digest->text, hex_of(a, &found->digest)) || differs(out, found->name, "a row of it is another", rows->i, found->rows);
}

bool backup_tables_equal(struct arena *a, const struct json_value *said, const struct db_tables *found, struct table_fault *out)
{
    const struct json_value *t = said && said->type == JSON_ARRAY ? said->child : NULL;
    size_t i = 0;

    for (; t && i < found->n; t = t->next, i++) {         /* both by name */
        const struct json_value *name = json_get(t, SV("name"));
        if (!name || name->type != JSON_TEXT || !sv_equal(name->text, found->v[i].name))
            return differs(out, found->v[i].name, "another table stands in its place", 0, found->v[i].rows);
        if (!one_equal(a, t, &found->v[i], out))
            return false;
    }
    if (i < found->n)
        return differs(out, found->v[i].name, "it was not there", 0, found->v[i].rows);
    const struct json_value *name = t ? json_get(t, SV("name")) : NULL;
    return !t || differs(out, name && name->type == JSON_TEXT ? name->text : SV("?"), "it is missing", 0, 0);
}
