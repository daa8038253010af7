/* core/template_test.c: every cell has its setting, and restricts what it says and nothing else. */
#include "base/test.h"
#include "core/policy.h"
#include "core/template.h"

TEST(template_cells_and_settings)
{
    for (unsigned c = 0; c < CELLS; c++) {
        const struct cell_def *d = cell_def((enum cell)c);
        enum cell found;
        size_t i = 0;
        CHECK_AT(c, d->key && policy_find(sv_c(d->key), &i));
        CHECK_AT(c, policy_def(i)->type == BOOL);
        /* A switch is on, a limit is off by default: a template that restricts nothing is as the defaults are. */
        CHECK_AT(c, sv_equal(sv_c(policy_def(i)->dflt), d->what == CELL_ACCESS ? SV("true") : SV("false")));
        CHECK_AT(c, cell_find(sv_c(d->key), &found) && found == (enum cell)c);
    }
    for (size_t i = 0; i < policy_count(); i++) {
        enum cell c;
        CHECK_INT_AT(i, cell_find(sv_c(policy_def(i)->key), &c), sv_starts(sv_c(policy_def(i)->key), SV("template.")));
    }
}

TEST(template_limits)
{
    static const struct {
        cell_set cells;
        enum service service;
        enum channel channel;
        bool refuses, keeps;
    } t[] = {
        { 0, SERVICE_TALK, CH_MP, false, false },
        { CELL_BIT(CELL_TALK_LIMIT), SERVICE_TALK, CH_MP, false, true },
        { CELL_BIT(CELL_TALK_LIMIT), SERVICE_TALK, CH_MA, false, true },
        { CELL_BIT(CELL_TALK_LIMIT), SERVICE_TALK, CH_MW, false, false },
        { CELL_BIT(CELL_TALK_LIMIT), SERVICE_TALK, CH_W, false, false },
        { CELL_BIT(CELL_TALK_LIMIT), SERVICE_BOARD, CH_MP, false, false },
        { CELL_BIT(CELL_SURVEY), SERVICE_SURVEY, CH_MP, true, false },
        { CELL_BIT(CELL_SURVEY), SERVICE_SURVEY, CH_W, true, false },
        { CELL_BIT(CELL_SURVEY), SERVICE_SURVEY, CH_PA, true, false },
        { CELL_BIT(CELL_DRIVE_PC), SERVICE_DRIVE, CH_DX, true, false },
        { CELL_BIT(CELL_DRIVE_PC), SERVICE_DRIVE, CH_W, false, false },
        { CELL_BIT(CELL_DRIVE_BROWSER), SERVICE_DRIVE, CH_API, true, false },
        { CELL_BIT(CELL_CALENDAR_BROWSER), SERVICE_CALENDAR, CH_PA, true, false },
        { ~(cell_set)0, SERVICE_NONE, CH_MP, false, false },
        { ~(cell_set)0, SERVICE_ADDRESS, CH_W, false, false },
        { ~(cell_set)0, SERVICE_ADDRESS, CH_MP, false, true },
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        CHECK_INT_AT(i, template_refuses(t[i].cells, t[i].service, t[i].channel), t[i].refuses);
        CHECK_INT_AT(i, template_keeps_files(t[i].cells, t[i].service, t[i].channel), t[i].keeps);
    }
    CHECK(template_refuses_app(CELL_BIT(CELL_MOBILE_APP), CH_MA));
    CHECK(template_refuses_app(CELL_BIT(CELL_MOBILE_APP), CH_MP));
    CHECK(!template_refuses_app(CELL_BIT(CELL_MOBILE_APP), CH_MW));
    CHECK(!template_refuses_app(~CELL_BIT(CELL_MOBILE_APP), CH_MP));
}
