/* core/ctx.c: leaving effects for after COMMIT. */
#include "core/ctx.h"

void effect(struct ctx *x, enum effect_kind kind, int64_t a, int64_t b)
{
    *PUSH(x->arena, &x->effects) = (struct effect){.kind = kind, .a = a, .b = b};
}

void effect_text(struct ctx *x, enum effect_kind kind, int64_t a, sv text)
{
    *PUSH(x->arena, &x->effects) = (struct effect){.kind = kind, .a = a, .text = text};
}
