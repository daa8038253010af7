/* store/formats_test.c: what earlier programs wrote is read by this one: the golden files of doc/formats.md.
 * They are never made anew; a format that changes gets a new version, a migration and a file of its own. */
#include "base/test.h"
#include "crypt/aead.h"
#include "crypt/hash.h"
#include "crypt/password.h"
#include "crypt/token.h"
#include "store/db_test.h"
#include "store/db_sqlite.h"
#include "store/migrate.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define GOLDEN "test/golden/formats/"
#define BODY "縁側へようこそ"
#define ROW (((int64_t)7 << 32) | 1)
#define PAGE 4096

static const struct migration lines[] = {
    { 1, "CREATE TABLE message (id BIGINT PRIMARY KEY, sent_ms BIGINT NOT NULL, text BLOB NOT NULL, name TEXT)" },
    { 2, "CREATE INDEX message_name ON message (name)" },
    { 3, "ALTER TABLE message ADD COLUMN edited_ms BIGINT" },         /* what a later program adds */
};

/* The key of every golden file: bytes 0, 1, … 31. */
static void golden_key(struct secret *key)
{
    key->n = 32;
    for (size_t i = 0; i < key->n; i++)
        key->b[i] = (unsigned char)i;
}

static sv golden(struct arena *a, const char *name)
{
    FD fd = open(sv_printf(a, GOLDEN "%s", name).p, O_RDONLY | O_CLOEXEC);
    struct stat st;

    if (fd < 0 || fstat(fd, &st) != 0)
        die("no golden file %s (run from the project's folder)", name);
    char *p = arena_alloc(a, (size_t)st.st_size);
    ENSURE(read(fd, p, (size_t)st.st_size) == st.st_size);
    return sv_n(p, (size_t)st.st_size);
}

static sv line(sv *rest)
{
    sv part = SV_NONE;

    sv_cut(rest, '\n', &part);
    return part;
}

static sv unhex(struct arena *a, sv text)
{
    sv bytes = SV_NONE;

    ENSURE(hex_read(a, text, &bytes));
    return bytes;
}

TEST(format_database_opens)
{
    static const struct { const char *name; enum db_cipher cipher; } t[] = {
        { "database-aes256.db", DB_AES256 }, { "database-aegis256.db", DB_AEGIS256 },
    };
    struct scratch s = scratch_new();

    golden_key(&s.key);
    for (size_t i = 0; i < COUNT(t); i++) {
        scratch_write(&s, t[i].name, golden(s.a, t[i].name));
        struct db_options o = scratch_options(&s, t[i].name);
        o.cipher = t[i].cipher;
        o.flags = 0;
        o.tenant = 42;
        struct db *d = scratch_open_as(&s, &o);
        REQUIRE(d);
        CHECK_AT(i, db_check(d));
        CHECK_AT(i, migrate(d, lines, COUNT(lines)));
        {
            ROWS r = db_query(d, "SELECT id, sent_ms, text, name, edited_ms FROM message ORDER BY name");
            CHECK_AT(i, rows_next(&r));
            CHECK_INT_AT(i, row_int(&r, 0), ROW);
            CHECK_INT_AT(i, row_int(&r, 1), 1795565017123);
            CHECK_STR_AT(i, row_sealed(&r, 2, "message.text", ROW), SV(BODY));
            CHECK_STR_AT(i, row_text(&r, 3), SV("森下"));
            CHECK_AT(i, row_null(&r, 4));
            CHECK_AT(i, !rows_next(&r) && rows_ok(&r));
        }
        {
            ROWS r = db_query(d, "SELECT n FROM schema_version");
            CHECK_AT(i, rows_next(&r));
            CHECK_INT_AT(i, row_int(&r, 0), 3);
        }
        db_close(&d);
    }
    scratch_end(&s);
}

/* SQLCipher 4 with a raw key, done by hand: the page's key from the file's salt, HMAC-SHA512 over ciphertext, IV and
 * page number, AES-256-CBC. NULL: not authentic. */
static unsigned char *sqlcipher4_page(struct arena *a, const struct secret *key, sv file, unsigned page)
{
    const unsigned char *p = (const unsigned char *)file.p + (size_t)(page - 1) * PAGE;
    size_t from = page == 1 ? 16 : 0, cipher = PAGE - 80 - from;
    unsigned char salt[16], hmac_key[32], mac[64], number[4] = {(unsigned char)page, 0, 0, 0};
    unsigned char *signed_bytes = arena_alloc(a, PAGE), *plain = arena_alloc(a, PAGE);
    unsigned int n = 0;
    int len = 0;

    for (size_t i = 0; i < 16; i++)
        salt[i] = (unsigned char)file.p[i] ^ 0x3a;
    ENSURE(PKCS5_PBKDF2_HMAC((const char *)key->b, 32, salt, 16, 2, EVP_sha512(), 32, hmac_key));
    memcpy(signed_bytes, p + from, cipher + 16);
    memcpy(signed_bytes + cipher + 16, number, 4);
    ENSURE(HMAC(EVP_sha512(), hmac_key, 32, signed_bytes, cipher + 20, mac, &n) && n == 64);
    if (memcmp(mac, p + PAGE - 64, 64) != 0)
        return NULL;
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    ENSURE(c && EVP_DecryptInit_ex2(c, EVP_aes_256_cbc(), key->b, p + PAGE - 80, NULL));
    EVP_CIPHER_CTX_set_padding(c, 0);
    ENSURE(EVP_DecryptUpdate(c, plain + from, &len, p + from, (int)cipher) && len == (int)cipher);
    EVP_CIPHER_CTX_free(c);
    return plain;
}

/* Both the golden file and one made now: no library of ours can drift away from the form. */
TEST(format_database_is_sqlcipher_4)
{
    struct scratch s = scratch_new();

    PROVES("PLT-10");
    golden_key(&s.key);
    struct db *d = scratch_open(&s, "new.db");
    CHECK(migrate(d, lines, COUNT(lines)));
    db_close(&d);
    sv files[] = {golden(s.a, "database-aes256.db"), scratch_read(&s, "new.db")};
    for (size_t i = 0; i < COUNT(files); i++) {
        CHECK_AT(i, files[i].n >= 3 * PAGE && files[i].n % PAGE == 0);
        for (unsigned page = 1; page <= files[i].n / PAGE; page++)
            CHECK_AT(page, sqlcipher4_page(s.a, &s.key, files[i], page) != NULL);
        unsigned char *one = sqlcipher4_page(s.a, &s.key, files[i], 1);
        REQUIRE(one);
        CHECK_INT_AT(i, one[16] << 8 | one[17], PAGE);
        CHECK_INT_AT(i, one[18], 2);                      /* WAL */
        CHECK_INT_AT(i, one[20], 80);                     /* reserved */
        CHECK_BYTES(one + 56, "\0\0\0\1", 4);             /* UTF-8 */
        CHECK_AT(i, memmem(one, PAGE, "CREATE TABLE", 12) != NULL);
    }
    s.key.b[0] ^= 1;
    CHECK(sqlcipher4_page(s.a, &s.key, files[0], 1) == NULL);
    scratch_end(&s);
}

TEST(format_sealed_and_aead_pieces_open)
{
    struct scratch s = scratch_new();
    struct str plain = STR_IN(s.a);
    sv text = golden(s.a, "aead.hex");

    golden_key(&s.key);
    CHECK(aead_open(&s.key, SV("engawa golden"), unhex(s.a, line(&text)), &plain));
    CHECK_STR(str_sv(&plain), SV(BODY));
    struct db_options o = scratch_options(&s, "a.db");
    o.seal_key = &s.key;
    o.tenant = 42;
    struct db *d = scratch_open_as(&s, &o);
    REQUIRE(d);
    text = golden(s.a, "sealed.hex");
    CHECK(db_exec(d, "CREATE TABLE message (id INTEGER PRIMARY KEY, text BLOB)"));
    CHECK(db_exec(d, "INSERT INTO message (id, text) VALUES ($1, $2)", INT(ROW), BLOB(unhex(s.a, line(&text)))));
    {
        ROWS r = db_query(d, "SELECT text FROM message");
        CHECK(rows_next(&r));
        CHECK_STR(row_sealed(&r, 0, "message.text", ROW), SV(BODY));
        CHECK(!rows_next(&r) && rows_ok(&r));
    }
    db_close(&d);
    scratch_end(&s);
}

TEST(format_password_and_token_are_known_again)
{
    struct arena *a = arena_new(8192);
    sv text = golden(a, "password.txt");
    SECRET pepper = {0};
    SECRET prehash = {0};
    SECRET peppered = {0};

    crypt_warm();
    golden_key(&pepper);
    password_prehash(42, SV("縁側 correct horse 🏠"), &prehash);
    CHECK(secret_equal_bytes(secret_view(&prehash), unhex(a, line(&text))));
    hmac_secret(&pepper, secret_view(&prehash), &peppered);
    CHECK(password_check(&peppered, line(&text)));
    text = golden(a, "token.txt");
    sv token = line(&text);
    CHECK(token_well_formed(token));
    struct sha256 h = token_hash(token);
    CHECK_STR(sv_n(h.b, sizeof(h.b)), unhex(a, line(&text)));
    arena_free(&a);
}
