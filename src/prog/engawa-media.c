/* prog/engawa-media.c: the program that reads one file that somebody sent. Started by engawad alone. */
#include "role/media.h"

int main(void)
{
    return media_main();
}
