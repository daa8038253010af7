/* api/chores.c: nightly work, a row each; core/chore.h says how they run. */
#include "api/app.h"
#include "core/file.h"

/* clang-format off */
const struct chore chores[] = {
    {.name = "file.forget", .piece = file_forget, .doc = "Erases files whose time is over."},
};
/* clang-format on */
const size_t chore_count = COUNT(chores);
