/* base/fault_test.c: a point acts at its n-th passing, once. */
#include "base/fault.h"

#include "base/test.h"

TEST(fault_acts_once_at_its_time)
{
    CHECK(!FAULT("a"));
    fault_set("a", 3, FAULT_FAIL);
    fault_set("b", 1, FAULT_FAIL);
    CHECK(!FAULT("a"));
    CHECK(!FAULT("a"));
    CHECK(FAULT("a"));
    CHECK(!FAULT("a"));
    CHECK_INT(fault_count("a"), 4);
    CHECK(FAULT("b"));
    CHECK(!FAULT("c"));
    fault_set("a", 1, FAULT_OFF);
    CHECK(!FAULT("a"));
    CHECK_INT(fault_count("a"), 1);
    fault_clear();
    CHECK(!FAULT("a"));
    CHECK_INT(fault_count("a"), 0);
}
