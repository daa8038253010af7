/* role/media.h: engawa-media, the process that reads what strangers made: one file each, then it ends. It has no network, no key and
 * no file but the system's fonts; the way to the tenant that asked is all it knows, and there it asks for the bytes it needs. What it
 * says is believed as far as a stranger is: the tenant checks lengths and counts.
 *     tenant: MEDIA_TASK -> media: MEDIA_READ <- MEDIA_DATA … , what it found, MEDIA_END
 * Limits: MEDIA_CPU_S of the processor, MEDIA_MEMORY of memory, pixels and pages as in core/media.h; while the names of an archive
 * are read MEDIA_NAMES_CPU_S and MEDIA_NAMES_MEMORY. Who has spent them says that it was too much, and ends. */
#ifndef ENGAWA_ROLE_MEDIA_H
#define ENGAWA_ROLE_MEDIA_H

#include "core/media.h"
#include "role/start.h"

#define MEDIA_READ_MAX  32768
#define MEDIA_CPU_S     20
#define MEDIA_MEMORY    (INT64_C(1) << 30)
#define MEDIA_NAMES_CPU_S  1                              /* of the names of an archive, with the start of the process */
#define MEDIA_NAMES_MEMORY (INT64_C(64) << 20)

struct media {
    struct arena *arena;
    struct ipc link;
    struct source source;                                 /* asks the tenant */
    sv type, mark;
    unsigned want, page;
    int64_t window_at;
    size_t window_n;
    unsigned char window[MEDIA_READ_MAX];
    const struct start *start;
    bool gone;                                            /* the tenant does not answer any more */
    size_t text_n;
};

/* What a module found. Pictures are WebP. */
void media_say_facts(struct media *m, uint32_t width, uint32_t height, uint32_t pages);
void media_say_picture(struct media *m, enum media_picture kind, uint32_t width, uint32_t height, sv bytes);
void media_say_text(struct media *m, sv text);            /* any UTF-8; beyond MEDIA_TEXT_MAX it is dropped */
void media_say_name(struct media *m, sv name);
void media_say_named(struct media *m);                    /* those were all: from here on the limits are those of other work */

/* The modules: media_vips.c, media_mark.c, media_pdf.c, media_archive.c, media_card.c. *why is a literal. */
void media_vips_warm(void);
enum media_verdict media_vips(struct media *m, const char **why);
enum media_verdict media_mark(struct media *m, const char **why);
enum media_verdict media_pdf(struct media *m, const char **why);
enum media_verdict media_archive(struct media *m, const char **why);
enum media_verdict media_card(struct media *m, const char **why);
/* A surface of 4 bytes a pixel (BGRA, as cairo has it) as WebP of the longer side `box` at most. */
bool media_vips_surface(struct media *m, enum media_picture kind, const unsigned char *pixels, int width, int height, int stride, int box);

int media_main(void);

#endif
