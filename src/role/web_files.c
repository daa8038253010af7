/* role/web_files.c: finds a packed file by its path. */
#include "role/web_files.h"

const struct web_file *web_file_find(sv path)
{
    size_t low = 0, high = web_files_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = sv_compare(path, sv_c(web_files[mid].path));

        if (order == 0)
            return &web_files[mid];
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return NULL;
}
