/* core/inventory_test.c: doc/inventory.md names every column of the schema, as personal with all it must say, or as not
 * personal; and nothing that does not exist. */
#include "core/core_test.h"

#include <stdio.h>
#include <string.h>

struct named {
    sv *v;
    size_t n, cap;
};

static sv page(struct arena *a)
{
    struct str s = STR_IN(a);
    FILE *f = fopen("doc/inventory.md", "r");
    size_t n;

    if (!f)
        return SV_NONE;
    do {
        char *at = str_room(&s, 4096);
        n = fread(at, 1, 4096, f);
        str_grew(&s, n);
    } while (n);
    fclose(f);
    return str_sv(&s);
}

/* "| `member.login` | … | … | … |": the name, and how many cells of the line hold anything. */
static bool read_line(sv line, sv *name, size_t *cells)
{
    sv part, rest = line;

    if (!sv_starts(line, SV("| `")))
        return false;
    *cells = 0;
    while (sv_cut(&rest, '|', &part))
        *cells += sv_trim(part).n > 0;
    rest = sv_from(line, 3);
    return sv_cut(&rest, '`', name);
}

static bool in(const struct named *v, sv name)
{
    for (size_t i = 0; i < v->n; i++)
        if (sv_equal(v->v[i], name))
            return true;
    return false;
}

TEST(inventory_names_every_stored_column)
{
    struct fixture *f = fixture_new(false);
    struct named personal = { 0 }, other = { 0 }, columns = { 0 };
    sv text = page(f->a), line, name;
    bool second = false;
    size_t cells;

    PROVES("PLT-29");
    CHECK(text.n > 0);
    while (sv_cut(&text, '\n', &line)) {
        second |= sv_equal(line, SV("## Not personal"));
        if (!read_line(line, &name, &cells))
            continue;
        if (!CHECK_INT(cells, second ? 1 : 4) || !CHECK(!in(&personal, name) && !in(&other, name)))
            fprintf(stderr, "doc/inventory.md: %.*s is incomplete, or stands twice\n", SV_ARG(name));
        *PUSH(f->a, second ? &other : &personal) = name;
    }
    ROWS r = db_query(f->d, "SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
                            " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'schema_version'");
    while (rows_next(&r))
        *PUSH(f->a, &columns) = row_text(&r, 0);
    CHECK(rows_ok(&r));
    CHECK(columns.n > 100);
    rows_end(&r);
    for (size_t i = 0; i < columns.n; i++)
        if (!CHECK(in(&personal, columns.v[i]) || in(&other, columns.v[i])))
            fprintf(stderr, "%.*s stands in neither table of doc/inventory.md\n", SV_ARG(columns.v[i]));
    for (size_t i = 0; i < personal.n; i++)
        CHECK(in(&columns, personal.v[i]));
    for (size_t i = 0; i < other.n; i++)
        CHECK(in(&columns, other.v[i]));
    fixture_free(&f);
}
