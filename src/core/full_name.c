/* core/full_name.c: one rule for all who show a name. */
#include "core/full_name.h"

sv full_name(struct arena *a, sv family, sv given)
{
    if (family.n && given.n)
        return sv_printf(a, "%.*s %.*s", SV_ARG(family), SV_ARG(given));
    return family.n ? family : given;
}
