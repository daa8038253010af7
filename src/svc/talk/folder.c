/* svc/talk/folder.c: a member's own sorting of its room list. */
#include "svc/talk/folder.h"
#include "base/rand.h"
#include "svc/talk/folder_sql.h"
#include "svc/talk/talk_out.h"

bool talk_folders(struct ctx *x, struct folders *out)
{
    return folder_sql_list(x, out);
}

static const struct folder *among(const struct folders *all, id64 id)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].id.n == id.n)
            return &all->v[i];
    return NULL;
}

bool talk_folder_find(struct ctx *x, id64 folder, struct folder *out)
{
    struct folders all = {0};

    if (!folder_sql_list(x, &all))
        return false;
    const struct folder *f = among(&all, folder);
    if (!f)
        return fail(&x->failure, E_NOT_FOUND, "no folder %" PRId64 " of the caller's", folder.n);
    *out = *f;
    return true;
}

/* Names are sealed: compared here, among twenty. */
static bool name_free(struct ctx *x, const struct folders *all, id64 but, sv name)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].id.n != but.n && sv_equal(all->v[i].name, name))
            return fail(&x->failure, E_NAME_TAKEN, "another folder has this name");
    return true;
}

bool talk_folder_add(struct ctx *x, sv name, id64 *id)
{
    struct folders all = {0};

    if (!folder_sql_list(x, &all) || !name_free(x, &all, ID_NONE, name))
        return false;
    if (all.n >= TALK_FOLDERS_MAX)
        return fail_field(&x->failure, "name", "%d folders are there already", TALK_FOLDERS_MAX);
    const struct folder f = {rand_id(), name};
    for (size_t i = 0; i < all.n; i++)                    /* so that the new one is behind them all */
        if (!folder_sql_place(x, all.v[i].id, (int64_t)i))
            return false;
    *id = f.id;
    return folder_sql_add(x, &f, (int64_t)all.n);
}

bool talk_folder_rename(struct ctx *x, id64 folder, sv name)
{
    const struct folder f = {folder, name};
    struct folders all = {0};

    return folder_sql_list(x, &all) && name_free(x, &all, folder, name) && folder_sql_rename(x, &f);
}

bool talk_folder_order(struct ctx *x, const id64 *ids, size_t n)
{
    struct folders all = {0};

    if (!folder_sql_list(x, &all))
        return false;
    for (size_t i = 0; i < n; i++) {
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again |= ids[k].n == ids[i].n;
        if (again || n != all.n || !among(&all, ids[i]))
            return fail(&x->failure, E_CONFLICT, "not all of the folders, each once");
    }
    if (n != all.n)
        return fail(&x->failure, E_CONFLICT, "not all of the folders");
    for (size_t i = 0; i < n; i++)
        if (!folder_sql_place(x, ids[i], (int64_t)i))
            return false;
    return true;
}

bool talk_folder_delete(struct ctx *x, id64 folder)
{
    return folder_sql_delete(x, folder);
}

bool talk_folder_put(struct ctx *x, id64 room, id64 folder)
{
    struct folders all = {0};
    struct room r;

    if (!talk_room_find(x, room, &r) || !folder_sql_list(x, &all))
        return false;
    if (folder.n && !among(&all, folder))
        return fail_field(&x->failure, "folder", "no folder of the caller's");
    return folder_sql_put(x, room, folder) && talk_tell_prefs(x, room);
}
