/* role/media_pdf.c: documents as pictures of their pages, and their text, by poppler. */
#include "role/media.h"

#include <poppler.h>

#define PDF_MAX (INT64_C(200) << 20)                      /* bytes that are held at once */

static enum media_verdict open_document(struct media *m, PopplerDocument **out, const char **why)
{
    GError *error = NULL;

    if (m->source.size > PDF_MAX) {
        *why = "a document of this length";
        return MEDIA_TOO_MUCH;
    }
    void *bytes = g_malloc((gsize)m->source.size);
    if (!m->source.read(m->source.from, 0, (size_t)m->source.size, bytes)) {
        g_free(bytes);
        *why = "cannot be read";
        return MEDIA_STRANGE;
    }
    GBytes *all = g_bytes_new_take(bytes, (gsize)m->source.size);
    *out = poppler_document_new_from_bytes(all, NULL, &error);
    g_bytes_unref(all);
    g_clear_error(&error);
    if (!*out)
        *why = "no document that can be opened";
    return *out ? MEDIA_DONE : MEDIA_STRANGE;
}

/* The page on white, its longer side of `box` pixels. */
static bool draw(struct media *m, PopplerDocument *doc, int number, enum media_picture kind, int box)
{
    PopplerPage *page = poppler_document_get_page(doc, number);
    double w = 0, h = 0;

    if (!page)
        return false;
    poppler_page_get_size(page, &w, &h);
    bool ok = w > 0 && h > 0;
    double scale = ok ? box / (w > h ? w : h) : 1;
    int width = ok ? (int)(w * scale + 0.5) : 1, height = ok ? (int)(h * scale + 0.5) : 1;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width > 0 ? width : 1, height > 0 ? height : 1);
    cairo_t *cr = cairo_create(surface);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_scale(cr, scale, scale);
    poppler_page_render(page, cr);
    cairo_surface_flush(surface);
    ok = ok && cairo_status(cr) == CAIRO_STATUS_SUCCESS && cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS &&
         media_vips_surface(m, kind, cairo_image_surface_get_data(surface), cairo_image_surface_get_width(surface),
                            cairo_image_surface_get_height(surface), cairo_image_surface_get_stride(surface), box);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    g_object_unref(page);
    return ok;
}

static void read_text(struct media *m, PopplerDocument *doc, int pages)
{
    for (int i = 0; i < pages && m->text_n < MEDIA_TEXT_MAX; i++) {
        PopplerPage *page = poppler_document_get_page(doc, i);
        char *text = page ? poppler_page_get_text(page) : NULL;
        if (text) {
            media_say_text(m, sv_c(text));
            media_say_text(m, SV("\n"));
        }
        g_free(text);
        g_clear_object(&page);
    }
}

enum media_verdict media_pdf(struct media *m, const char **why)
{
    PopplerDocument *doc = NULL;
    enum media_verdict v = open_document(m, &doc, why);

    if (v != MEDIA_DONE)
        return v;
    int pages = poppler_document_get_n_pages(doc);
    if (pages > MEDIA_PAGES)
        pages = MEDIA_PAGES;
    if (pages < 1) {
        *why = "no pages";
        v = MEDIA_STRANGE;
    } else if (m->want & MEDIA_WANT_PAGE) {
        if (m->page < 1 || m->page > (unsigned)pages || !draw(m, doc, (int)m->page - 1, MEDIA_PAGE, MEDIA_LARGE_BOX)) {
            *why = "no such page";
            v = MEDIA_STRANGE;
        }
    } else {
        media_say_facts(m, 0, 0, (uint32_t)pages);
        if (m->want & MEDIA_WANT_PICTURES)
            draw(m, doc, 0, MEDIA_SMALL, MEDIA_SMALL_BOX);
        if (m->want & MEDIA_WANT_TEXT)
            read_text(m, doc, pages);
    }
    g_object_unref(doc);
    return v;
}
