/* api/folder.c: folders of the room list: the member's own sorting, in step on its devices. Every operation answers all
 * folders as they are then, and the member's devices are told the same. */
#include "api/app.h"
#include "base/plain.h"
#include "svc/talk/folder.h"
#include "svc/talk/talk_out.h"

struct folder_name_in {
    sv name;
};
static const struct field folder_name_in_fields[] = {
    FIELD(struct folder_name_in, name, .need = true, .min = 1, .max = TALK_FOLDER_NAME_MAX, .doc = "its name; no other folder of the caller's has it"),
};
static const struct schema folder_name_in = SCHEMA("talk_folder_in", struct folder_name_in, folder_name_in_fields);

struct folder_order_in {
    struct list folders;
};
static const struct field folder_order_in_fields[] = {
    FIELD(struct folder_order_in, folders, .need = true, .max = TALK_FOLDERS_MAX, .doc = "ids of all of them, in their order from now on"),
};
static const struct schema folder_order_in = SCHEMA("talk_folder_order_in", struct folder_order_in, folder_order_in_fields);

struct folder_put_in {
    id64 folder;
};
static const struct field folder_put_in_fields[] = {
    FIELD(struct folder_put_in, folder, .doc = "in which one the room is; absent: in none"),
};
static const struct schema folder_put_in = SCHEMA("room_folder_in", struct folder_put_in, folder_put_in_fields);

struct folder_out {
    id64 id;
    sv name;
};
static const struct field folder_out_fields[] = {
    FIELD(struct folder_out, id, .doc = "the folder"),
    FIELD(struct folder_out, name, .doc = "its name"),
};
static const struct schema folder_out = SCHEMA("talk_folder", struct folder_out, folder_out_fields);

struct folders_out {
    struct list folders;
};
static const struct field folders_out_fields[] = {
    FIELD(struct folders_out, folders, .of = &folder_out, .doc = "the caller's, in their order"),
};
static const struct schema talk_folders_out = SCHEMA("talk_folders", struct folders_out, folders_out_fields);

static bool answer(struct ctx *x, struct folders_out *o)
{
    struct folders all = {0};

    if (!talk_folders(x, &all))
        return false;
    struct folder_out *v = ANEWN(x->arena, struct folder_out, all.n);
    for (size_t i = 0; i < all.n; i++)
        v[i] = (struct folder_out){all.v[i].id, all.v[i].name};
    o->folders = (struct list){v, all.n};
    return true;
}

static bool tell(struct ctx *x, struct folders_out *o)
{
    struct str text = STR_IN(x->arena);
    struct json j = JSON_TO(&text);

    if (!answer(x, o))
        return false;
    schema_write(&j, NULL, &talk_folders_out, o);
    event_self(x, EV_FOLDERS, x->actor.member, str_sv(&text));
    return true;
}

/* The row names no object: in the log of talk these are rooms and messages. */
static void done(struct ctx *x, const char *act, id64 folder)
{
    audit(x, AUDIT_FOLDER, ID_NONE, sv_printf(x->arena, "{\"act\":\"%s\",\"folder\":\"%" PRId64 "\"}", act, folder.n));
}

/* Without the blanks around it; of blanks alone it is none. */
static bool name_read(struct ctx *x, const struct folder_name_in *in, sv *name)
{
    *name = text_trim(in->name);
    return name->n ? true : fail_field(&x->failure, "name", "missing, or blank");
}

static bool list(struct ctx *x, struct call *c, void *out)
{
    (void)c;
    return answer(x, out);
}

static bool add(struct ctx *x, struct call *c, void *out)
{
    id64 id = ID_NONE;
    sv name;
    bool ok = name_read(x, c->in, &name) && talk_folder_add(x, name, &id);

    done(x, "add", id);
    return ok && tell(x, out);
}

static bool rename_one(struct ctx *x, struct call *c, void *out)
{
    sv name;

    done(x, "rename", c->object);
    return name_read(x, c->in, &name) && talk_folder_rename(x, c->object, name) && tell(x, out);
}

static bool order(struct ctx *x, struct call *c, void *out)
{
    const struct folder_order_in *in = c->in;

    done(x, "order", ID_NONE);
    return talk_folder_order(x, in->folders.v, in->folders.n) && tell(x, out);
}

static bool delete_one(struct ctx *x, struct call *c, void *out)
{
    done(x, "delete", c->object);
    return talk_folder_delete(x, c->object) && tell(x, out);
}

static bool put(struct ctx *x, struct call *c, void *out)
{
    const struct folder_put_in *in = c->in;
    struct room r;

    audit(x, AUDIT_ROOM_PREFS, c->object, SV_NONE);
    if (!talk_folder_put(x, c->object, in->folder) || !talk_room_find(x, c->object, &r))
        return false;
    talk_room_fill(x, &r, out);
    return true;
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "talk.folder.list", .method = GET, .path = "/talk-folders", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .flags = OP_READ | OP_WS,
     .audit = AUDIT_NONE, .out = &talk_folders_out, .run = list, .doc = "The folders of the caller's room list."},
    {.name = "talk.folder.add", .method = POST, .path = "/talk-folders", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .flags = OP_WRITE | OP_WS,
     .audit = AUDIT_FOLDER, .in = &folder_name_in, .out = &talk_folders_out, .run = add, .doc = "Makes a folder, behind the others."},
    {.name = "talk.folder.order", .method = PUT, .path = "/talk-folders", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .flags = OP_WRITE | OP_WS,
     .audit = AUDIT_FOLDER, .in = &folder_order_in, .out = &talk_folders_out, .run = order, .doc = "Puts the folders into another order."},
    {.name = "talk.folder.rename", .method = PUT, .path = "/talk-folders/:talkfolder", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_TALK_FOLDER,
     .flags = OP_WRITE | OP_WS, .audit = AUDIT_FOLDER, .in = &folder_name_in, .out = &talk_folders_out, .run = rename_one,
     .doc = "Another name for a folder."},
    {.name = "talk.folder.delete", .method = DELETE_, .path = "/talk-folders/:talkfolder", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_TALK_FOLDER,
     .flags = OP_WRITE | OP_WS, .audit = AUDIT_FOLDER, .out = &talk_folders_out, .run = delete_one,
     .doc = "Deletes a folder; its rooms stay in the list."},
    {.name = "room.folder", .method = PUT, .path = "/rooms/:room/folder", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_ROOM,
     .flags = OP_WRITE | OP_WS, .audit = AUDIT_ROOM_PREFS, .in = &folder_put_in, .out = &talk_room_out, .run = put,
     .doc = "Puts a room into a folder of the caller's list, or takes it out."},
};
/* clang-format on */
const struct op_table folder_ops = {ops, COUNT(ops)};
