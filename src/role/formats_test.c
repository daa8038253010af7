/* role/formats_test.c: files of backups that were written long ago open as they did (doc/formats.md). The backup and the keys in
 * test/golden/formats/ were made by another program from that page. */
#include "base/test.h"
#include "role/backup_file.h"
#include "role/keys_file.h"
#include "role/keystore.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GOLDEN "test/golden/formats/"

static sv golden(struct arena *a, const char *path)
{
    char *bytes = arena_alloc(a, 65536);
    FD fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, bytes, 65536);

    CHECK(n > 0);
    return sv_n(bytes, n > 0 ? (size_t)n : 0);
}

static struct secret counted(void)
{
    struct secret k = {.n = 32};

    for (size_t i = 0; i < k.n; i++)
        k.b[i] = (unsigned char)i;
    return k;
}

static void remove_keys(int dir, const char *path)
{
    static const char *const names[] = {"pepper.key", "sign.key", "backup.key", "t-42.key"};

    for (size_t i = 0; i < COUNT(names); i++)
        CHECK_AT(i, unlinkat(dir, names[i], 0) == 0);
    CHECK(rmdir(path) == 0);                              /* and nothing else was in it */
}

static void backup_opens(const char *path, const struct keystore *k, int version)
{
    unsigned char id[BACKUP_ID];
    SECRET key = {0};
    sv payload;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    REQUIRE(fd >= 0 && backup_id_read(fd, id));
    keystore_backup(k, sv_n(id, sizeof(id)), &key);
    struct backup_in *in = backup_in_new(fd, id, &key);
    CHECK_INT(in->version, version);
    CHECK(backup_next(in, &payload) == BACKUP_PIECE);
    CHECK_STR(in->name, SV("engawa.conf"));
    CHECK(backup_next(in, &payload) == BACKUP_BYTES);
    CHECK_STR(payload, SV("zone = Asia/Tokyo\n"));
    CHECK(backup_next(in, &payload) == BACKUP_PIECE_END);
    if (version >= 2) {
        CHECK(backup_next(in, &payload) == BACKUP_TABLES);
        CHECK(sv_starts(payload, SV("{\"tables\":[{\"name\":\"sqlite_schema\",\"rows\":0,\"sha256\":\"")));
    }
    CHECK(backup_next(in, &payload) == BACKUP_END);
    CHECK_STR(payload, SV("{\"tenants\":[]}"));
    backup_in_free(&in);
}

TEST(formats_backup_opens_with_its_keys)
{
    struct arena *a = arena_new(4096);
    struct secret master = counted();
    char path[] = "/tmp/engawa-formats-XXXXXX";
    SECRET tenant = {0};
    const char *why = "";

    crypt_warm();
    REQUIRE(mkdtemp(path) != NULL);
    FD dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    REQUIRE(keys_spread(golden(a, GOLDEN "keys-1.keys"), dir, &why));
    struct keystore *k = keystore_open_with(dir, &master, &why);
    REQUIRE(k != NULL);
    CHECK(keystore_get(k, 42, &tenant) && tenant.n == 32 && tenant.b[0] == 42 && tenant.b[31] == 42);
    backup_opens(GOLDEN "backup-1.backup", k, 1);
    backup_opens(GOLDEN "backup-2.backup", k, 2);
    keystore_close(&k);
    remove_keys(dir, path);
    arena_free(&a);
}

TEST(formats_recovery_file_opens_with_its_passphrase)
{
    struct arena *a = arena_new(4096);
    struct secret want = counted();
    SECRET got = {0};
    const char *why = "";
    sv file = golden(a, GOLDEN "recovery-1.recovery");

    CHECK(recovery_is(file));
    CHECK(recovery_get(file, SV("engawa golden passphrase"), &got, &why) && secret_equal(&got, &want));
    CHECK(!recovery_get(file, SV("engawa golden passphrasf"), &got, &why));
    CHECK(!recovery_get(sv_upto(file, file.n - 1), SV("engawa golden passphrase"), &got, &why));
    arena_free(&a);
}
