/* core/media.h: what is asked of the process that reads strangers' files (role/media.h), and what it found. Nothing it says is more
 * than a stranger's word: lengths and counts are checked here, names and text are whatever they are. */
#ifndef ENGAWA_CORE_MEDIA_H
#define ENGAWA_CORE_MEDIA_H

#include "base/failure.h"
#include "base/metadata.h"

#define MEDIA_SMALL_BOX 480                               /* the longer side of what is shown in a room */
#define MEDIA_LARGE_BOX 2048                              /* … of what fills a screen */
#define MEDIA_FACE_SIDE 512                               /* of the square that stands for a member or a room, at most … */
#define MEDIA_FACE_BYTES (30 * 1024)                      /* … and what it may weigh */
#define MEDIA_PIXELS    (INT64_C(1) << 28)                /* of a JPEG, which is decoded smaller: 16,384 × 16,384 */
#define MEDIA_PIXELS_WHOLE (INT64_C(1) << 26)             /* of the other kinds: 8,192 × 8,192 */
#define MEDIA_FRAMES    5000                              /* of a picture that moves */
#define MEDIA_PAGES     2000                              /* of a document: what lies behind is not shown */
#define MEDIA_TEXT_MAX  (64 * 1024)                       /* bytes that are searched */
#define MEDIA_NAMES     100000                            /* files of an archive */
#define MEDIA_NAMES_SAID (2 * MEDIA_NAMES)                /* … each with the name in the list and the one beside its bytes */
#define MEDIA_UNPACKED  (INT64_C(1) << 30)                /* bytes that an archive may become, and beyond that … */
#define MEDIA_RATIO     100                               /* … as many times its own */
#define MEDIA_NESTED    (8 << 20)                         /* bytes of archives in it that are opened in memory for that */
#define MEDIA_SHOT_MAX  (8 << 20)                         /* bytes of one picture that it makes */

enum media_want { MEDIA_WANT_CLEAN = 1, MEDIA_WANT_PICTURES = 2, MEDIA_WANT_TEXT = 4, MEDIA_WANT_NAMES = 8, MEDIA_WANT_PAGE = 16, MEDIA_WANT_MARK = 32,
                  MEDIA_WANT_CARD = 64, MEDIA_WANT_FACE = 128 };
enum media_picture { MEDIA_SMALL = 1, MEDIA_LARGE = 2, MEDIA_PAGE = 3, MEDIA_FACE = 4 };   /* stored numbers, but the last: never renumber */
enum media_verdict {
    MEDIA_DONE,
    MEDIA_STRANGE,                                        /* not built as its type says, or the process died of it */
    MEDIA_TOO_MUCH,                                       /* beyond the limits */
};

struct media_shot {                                       /* WebP */
    enum media_picture kind;
    uint32_t width, height;
    struct str bytes;
};

struct media_task {
    sv type;
    unsigned want;                                        /* enum media_want */
    uint32_t page;                                        /* of MEDIA_WANT_PAGE, from 1 */
    sv mark;                                              /* of MEDIA_WANT_MARK, alone: lines that are drawn over a picture of ours (WebP) */
    int64_t size;
    void *from;
    bool (*read)(void *from, int64_t at, size_t n, sv *out);   /* some bytes from `at` on, n at most; valid until the next call */
    bool (*name)(void *from, sv name);                    /* of MEDIA_WANT_NAMES: each as it comes; false: no more is asked, its failure stands */
};

struct media_found {
    enum media_verdict verdict;
    const char *why;                                      /* for the log: of the arena */
    uint32_t width, height, pages;                        /* 0: it has none */
    struct media_shot shots[3];
    size_t shots_n;
    struct str text;
    struct patches patches;
};

#endif
