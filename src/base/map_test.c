/* base/map_test.c: the map against the plainest model there is, with keys that meet often. */
#include "base/map.h"

#include "base/rand.h"
#include "base/test.h"

#define KEYS 97

TEST(map_agrees_with_a_model)
{
    static int values[KEYS];
    void *model[KEYS] = {0};
    uint64_t wrong = 0, state = rand_u64() | 1;
    uint64_t first = state;
    struct map m;
    size_t n = 0;

    map_init(&m, rand_u64());
    for (int i = 0; i < 200000; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        size_t k = (state >> 33) % KEYS;
        uint64_t key = k % 2 ? k : k << 32;               /* 0 among them */
        switch ((state >> 50) % 5) {
        case 0:
        case 1:
            wrong += map_put(&m, key, &values[k]) != model[k];
            n += !model[k];
            model[k] = &values[k];
            break;
        case 2:
        case 3:
            wrong += map_del(&m, key) != model[k];
            n -= model[k] != NULL;
            model[k] = NULL;
            break;
        default:
            wrong += map_get(&m, key) != model[k];
        }
        wrong += m.n != n;
        if (i % 1000 == 0)
            for (size_t j = 0; j < KEYS; j++)
                wrong += map_get(&m, j % 2 ? j : j << 32) != model[j];
    }
    if (!CHECK_INT(wrong, 0))
        CHECK_INT(first, 0);                              /* prints the seed */
    size_t at = 0, seen = 0;
    for (struct map_slot s; map_next(&m, &at, &s);)
        seen++;
    CHECK_INT(seen, n);
    map_release(&m);
    CHECK(map_get(&m, 1) == NULL && map_del(&m, 1) == NULL);
    map_release(&m);
}
