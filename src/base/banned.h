/* base/banned.h: what our C does not call, turned into compile errors that name what to use instead.
 * The build includes it before every file of ours (-include) and says the floor's number (ENGAWA_FLOOR,
 * base = 0); ENGAWA_MAY_THREAD is set for core/sched and unit tests alone. The headers that declare the names
 * come first, so that only our calls meet the macros. */
#ifndef ENGAWA_BASE_BANNED_H
#define ENGAWA_BASE_BANNED_H

#include <alloca.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

/* clang-format off */
#undef alloca
#undef strdupa
#undef strndupa

/* No length, or one that is easy to get wrong. */
#define strcpy(...)      banned_strcpy__use_base_str
#define strcat(...)      banned_strcat__use_base_str
#define strncpy(...)     banned_strncpy__use_base_str
#define strncat(...)     banned_strncat__use_base_str
#define stpcpy(...)      banned_stpcpy__use_base_str
#define sprintf(...)     banned_sprintf__use_snprintf_or_sv_printf
#define vsprintf(...)    banned_vsprintf__use_vsnprintf
#define gets(...)        banned_gets
#define alloca(...)      banned_alloca__use_an_arena
#define strdupa(...)     banned_strdupa__use_sv_dup
#define strndupa(...)    banned_strndupa__use_sv_dup

/* Hidden state, or the time zone of the machine. */
#define strtok(...)      banned_strtok__use_sv_cut
#define strtok_r(...)    banned_strtok_r__use_sv_cut
#define localtime(...)   banned_localtime__use_base_clock
#define localtime_r(...) banned_localtime_r__use_base_clock
#define gmtime(...)      banned_gmtime__use_base_clock
#define ctime(...)       banned_ctime__use_base_clock
#define ctime_r(...)     banned_ctime_r__use_base_clock
#define asctime(...)     banned_asctime__use_base_clock
#define mktime(...)      banned_mktime__use_base_clock

/* Silent on wrong input. */
#define atoi(...)        banned_atoi__use_sv_int
#define atol(...)        banned_atol__use_sv_int
#define atoll(...)       banned_atoll__use_sv_int
#define atof(...)        banned_atof
#define sscanf(...)      banned_sscanf__use_sv_cut_and_sv_int

/* A shell in between, or a name that someone else may make first. */
#define system(...)      banned_system__use_posix_spawn
#define popen(...)       banned_popen__use_posix_spawn
#define tmpnam(...)      banned_tmpnam__use_mkostemp
#define tempnam(...)     banned_tempnam__use_mkostemp
#define mktemp(...)      banned_mktemp__use_mkostemp

/* The cipher's nonces must not be shared by two processes: roles start by exec. */
#if ENGAWA_FLOOR > 0 && ENGAWA_FLOOR < 7 && !defined ENGAWA_MAY_THREAD
#define fork(...)        banned_fork__roles_start_by_exec
#define vfork(...)       banned_vfork__roles_start_by_exec
#endif

/* Guessable. */
#define rand(...)        banned_rand__use_base_rand
#define srand(...)       banned_srand__use_base_rand
#define rand_r(...)      banned_rand_r__use_base_rand
#define random(...)      banned_random__use_base_rand
#define srandom(...)     banned_srandom__use_base_rand
#define drand48(...)     banned_drand48__use_base_rand
#define lrand48(...)     banned_lrand48__use_base_rand

/* Above base nobody owns loose memory. */
#if ENGAWA_FLOOR > 0
#define malloc(...)      banned_malloc__use_an_arena_or_base_mem
#define calloc(...)      banned_calloc__use_an_arena_or_base_mem
#define realloc(...)     banned_realloc__use_an_arena_or_base_mem
#define strdup(...)      banned_strdup__use_sv_dup
#define strndup(...)     banned_strndup__use_sv_dup
#define asprintf(...)    banned_asprintf__use_sv_printf
#define vasprintf(...)   banned_vasprintf__use_sv_printf
#endif

/* Above net nobody sleeps or reads the clock by itself, and only core/sched starts a thread. */
#if ENGAWA_FLOOR > 2
#define time(...)          banned_time__use_base_clock
#define gettimeofday(...)  banned_gettimeofday__use_base_clock
#define clock_gettime(...) banned_clock_gettime__use_base_clock
#define clock(...)         banned_clock__use_base_clock
#define sleep(...)         banned_sleep__wait_for_an_event
#define usleep(...)        banned_usleep__wait_for_an_event
#define nanosleep(...)     banned_nanosleep__wait_for_an_event
#ifndef ENGAWA_MAY_THREAD
#define pthread_create(...) banned_pthread_create__use_core_sched
#endif
#endif
/* clang-format on */

#endif
