/* prog/engawa-store.c: the program that speaks with the operator's S3-compatible store. Started by engawad alone. */
#include "role/store.h"

int main(void)
{
    return store_main();
}
