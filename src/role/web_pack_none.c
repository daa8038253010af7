/* role/web_pack_none.c: a program built without the web client serves none. tool/pack's table takes the place of this. */
#include "role/web_pack.h"

__attribute__((weak)) const struct web_file web_files[1] = {{0}};
__attribute__((weak)) const size_t web_file_count = 0;
