/* prog/engawa-fetch.c: the program that fetches one page or picture of the internet. Started by engawad alone. */
#include "role/fetch.h"

int main(void)
{
    return fetch_main();
}
