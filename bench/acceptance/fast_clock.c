/* Lets a process live faster: every clock it reads, and every wait it asks for, runs at a speed.

   Preloaded (LD_PRELOAD) with FAST_CLOCK naming a file of five 64-bit numbers: a count that is odd
   while they are written, the monotonic clock when they were written, the wall clock and the
   monotonic clock that the process shall have seen then (all in ns), and the speed. Clocks of CPU
   time stay as they are, and so does the wait in pthread_cond_timedwait, by which Python's threads
   take turns: work does not become faster. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct book { volatile int64_t count, real, wall, monotonic, speed; };
static struct book *book;
static const int64_t SECOND = 1000000000;

static int64_t ns(const struct timespec *t) { return t->tv_sec * SECOND + t->tv_nsec; }

static struct timespec spec(int64_t n) {
    if (n < 0) n = 0;
    return (struct timespec){.tv_sec = n / SECOND, .tv_nsec = n % SECOND};
}

static int64_t real_now(clockid_t id) {
    struct timespec t;
    syscall(SYS_clock_gettime, id, &t);
    return ns(&t);
}

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("FAST_CLOCK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *found = mmap(NULL, sizeof *book, PROT_READ, MAP_SHARED, file, 0);
    if (found != MAP_FAILED) book = found;
    close(file);
}

static struct book now(void) {
    struct book seen;
    do {
        seen = (struct book){book->count, book->real, book->wall, book->monotonic, book->speed};
        __sync_synchronize();
    } while (seen.count % 2 || seen.count != book->count);
    int64_t gone = (real_now(CLOCK_MONOTONIC) - seen.real) * seen.speed;
    seen.wall += gone;
    seen.monotonic += gone;
    return seen;
}

static int is_wall(clockid_t id) { return id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE; }

static int is_steady(clockid_t id) {
    return id == CLOCK_MONOTONIC || id == CLOCK_MONOTONIC_COARSE || id == CLOCK_MONOTONIC_RAW ||
           id == CLOCK_BOOTTIME;
}

/* The real moment of a clock at which the seen one will have reached a moment. */
static struct timespec real_of(const struct timespec *until, clockid_t seen, clockid_t real) {
    struct book b = now();
    int64_t left = ns(until) - (is_wall(seen) ? b.wall : b.monotonic);
    return spec(real_now(real) + (left > 0 ? left / b.speed : 0));
}

static int64_t scaled(int64_t wait) { return wait > 0 ? wait / now().speed + 1 : wait; }

int clock_gettime(clockid_t id, struct timespec *t) {
    if (!book || !(is_wall(id) || is_steady(id))) return syscall(SYS_clock_gettime, id, t);
    struct book b = now();
    *t = spec(is_wall(id) ? b.wall : b.monotonic);
    return 0;
}

int gettimeofday(struct timeval *restrict t, void *restrict zone) {
    struct timespec s;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &s);
    *t = (struct timeval){.tv_sec = s.tv_sec, .tv_usec = s.tv_nsec / 1000};
    return 0;
}

time_t time(time_t *kept) {
    struct timespec s;
    clock_gettime(CLOCK_REALTIME, &s);
    if (kept) *kept = s.tv_sec;
    return s.tv_sec;
}

static int sleep_until(clockid_t id, const struct timespec *until) {
    struct timespec t = real_of(until, id, CLOCK_MONOTONIC);
    return syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) ? errno : 0;
}

int clock_nanosleep(clockid_t id, int flags, const struct timespec *wait, struct timespec *left) {
    if (!book) return syscall(SYS_clock_nanosleep, id, flags, wait, left) ? errno : 0;
    if (flags & TIMER_ABSTIME) return sleep_until(id, wait);
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until = spec(ns(&until) + ns(wait));
    int error = sleep_until(CLOCK_MONOTONIC, &until);
    if (error && left) *left = (struct timespec){0, 0};
    return error;
}

int nanosleep(const struct timespec *wait, struct timespec *left) {
    errno = clock_nanosleep(CLOCK_MONOTONIC, 0, wait, left);
    return errno ? -1 : 0;
}

int usleep(useconds_t micros) {
    struct timespec t = spec((int64_t)micros * 1000);
    return nanosleep(&t, NULL);
}

static void *next(const char *name, const char *version) {
    void *found = version ? dlvsym(RTLD_NEXT, name, version) : NULL;
    return found ? found : dlsym(RTLD_NEXT, name);
}

int sem_clockwait(sem_t *sem, clockid_t id, const struct timespec *until) {
    static int (*real)(sem_t *, clockid_t, const struct timespec *);
    if (!real) real = next("sem_clockwait", NULL);
    if (!book) return real(sem, id, until);
    struct timespec t = real_of(until, id, CLOCK_MONOTONIC);
    return real(sem, CLOCK_MONOTONIC, &t);
}

int sem_timedwait(sem_t *sem, const struct timespec *until) {
    return sem_clockwait(sem, CLOCK_REALTIME, until);
}

int pthread_cond_timedwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict until) {
    static int (*real)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
    if (!real) real = next("pthread_cond_timedwait", "GLIBC_2.3.2");
    if (!book) return real(cond, mutex, until);
    struct book b = now();
    int wall = llabs(ns(until) - b.wall) < llabs(ns(until) - b.monotonic);
    int64_t left = ns(until) - (wall ? b.wall : b.monotonic);
    struct timespec t = spec(real_now(wall ? CLOCK_REALTIME : CLOCK_MONOTONIC) + left);
    return real(cond, mutex, &t);
}

int ppoll(struct pollfd *files, nfds_t count, const struct timespec *wait, const sigset_t *mask) {
    struct timespec t, *given = NULL;
    if (wait) {
        t = book ? spec(scaled(ns(wait))) : *wait;
        given = &t;
    }
    return syscall(SYS_ppoll, files, count, given, mask, 8L);
}

int poll(struct pollfd *files, nfds_t count, int millis) {
    struct timespec t = spec((int64_t)millis * 1000000);
    return ppoll(files, count, millis < 0 ? NULL : &t, NULL);
}

int select(int count, fd_set *restrict in, fd_set *restrict out, fd_set *restrict odd,
           struct timeval *restrict wait) {
    struct timespec t, *given = NULL;
    if (wait) {
        int64_t asked = wait->tv_sec * SECOND + wait->tv_usec * 1000;
        t = spec(book ? scaled(asked) : asked);
        given = &t;
    }
    return syscall(SYS_pselect6, count, in, out, odd, given, NULL);
}

int epoll_wait(int file, struct epoll_event *events, int count, int millis) {
    int64_t wait = millis;
    if (book && millis > 0) wait = (scaled(wait * 1000000) + 999999) / 1000000;
    return syscall(SYS_epoll_pwait, file, events, count, (int)wait, NULL, 8L);
}
