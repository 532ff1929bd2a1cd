/* The machine as it may be: preloaded into the bot's process (LD_PRELOAD), it makes the n-th write or fsync fail, or has
 * no room for more, or cannot start the n-th program. Only files under $SABOTAGE_UNDER, only programs that the bot
 * itself starts; what is to fail stands in the file $SABOTAGE_ORDERS, which whoever watches writes from outside at any
 * time. Built by tests/chaos/sabotage.py; the product knows nothing of it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { NOTHING, WRITE, SYNC, FULL, EVERY, START, END };

/* The layout is that of `_ORDERS` in sabotage.py. */
struct orders {
    int64_t what;   /* NOTHING; WRITE, SYNC: the n-th; FULL: what would make a file longer; EVERY: each write, sync;
                     * START: the n-th program is not started; END: it ends at once and has said nothing */
    int64_t left;   /* WRITE, SYNC, START, END: how many until it fails; that one is 1 */
    int64_t error;  /* errno */
    int64_t writes; /* how many there were since somebody set it to 0 */
    int64_t syncs;
    int64_t failed; /* how many of them were made to fail */
};

static struct orders *orders(void) {
    static struct orders *mapped;
    struct orders *found = __atomic_load_n(&mapped, __ATOMIC_ACQUIRE);
    if (found != NULL)
        return found;
    const char *path = getenv("SABOTAGE_ORDERS"); /* set after a fork: looked for until it is there */
    if (path == NULL)
        return NULL;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    found = mmap(NULL, sizeof *found, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (found == MAP_FAILED)
        return NULL;
    __atomic_store_n(&mapped, found, __ATOMIC_RELEASE);
    return found;
}

static int ours(int fd) {
    char name[64], path[PATH_MAX];
    const char *under = getenv("SABOTAGE_UNDER");
    if (under == NULL)
        return 0;
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(name, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    return strncmp(path, under, strlen(under)) == 0;
}

/* True where this one is to fail; errno is set. *end*: where the file would end afterwards, or -1 for a sync. */
static int fails(int fd, int64_t end) {
    int kept = errno;
    struct orders *now = orders();
    if (now == NULL || !ours(fd)) {
        errno = kept;
        return 0;
    }
    int sync = end < 0, hit = 0;
    __atomic_add_fetch(sync ? &now->syncs : &now->writes, 1, __ATOMIC_RELAXED);
    int64_t what = __atomic_load_n(&now->what, __ATOMIC_RELAXED);
    if (what == (sync ? SYNC : WRITE))
        hit = __atomic_sub_fetch(&now->left, 1, __ATOMIC_RELAXED) == 0;
    else if (what == FULL && !sync) {
        struct stat there;
        hit = fstat(fd, &there) == 0 && S_ISREG(there.st_mode) && end > there.st_size;
    } else
        hit = what == EVERY;
    if (hit)
        __atomic_add_fetch(&now->failed, 1, __ATOMIC_RELAXED);
    errno = hit ? (int)now->error : kept;
    return hit;
}

#define REAL(name) \
    static __typeof__(name) *real; \
    if (real == NULL) \
        real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static int64_t here(int fd) {
    off_t at = lseek(fd, 0, SEEK_CUR);
    struct stat there;
    int flags = fcntl(fd, F_GETFL);
    if (flags >= 0 && (flags & O_APPEND) && fstat(fd, &there) == 0)
        return there.st_size;
    return at < 0 ? 0 : at;
}

ssize_t write(int fd, const void *bytes, size_t size) {
    REAL(write);
    return fails(fd, here(fd) + (int64_t)size) ? -1 : real(fd, bytes, size);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(writev);
    return fails(fd, here(fd) + 1) ? -1 : real(fd, parts, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) {
    REAL(pwrite);
    return fails(fd, at + (int64_t)size) ? -1 : real(fd, bytes, size, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) {
    REAL(pwrite64);
    return fails(fd, at + (int64_t)size) ? -1 : real(fd, bytes, size, at);
}

int fsync(int fd) {
    REAL(fsync);
    return fails(fd, -1) ? -1 : real(fd);
}

int fdatasync(int fd) {
    REAL(fdatasync);
    return fails(fd, -1) ? -1 : real(fd);
}

/* In the child between vfork and exec: no lock is taken here. A program that is not there is not counted. */
int execve(const char *path, char *const words[], char *const environment[]) {
    struct orders *now = orders();
    if (now != NULL && access(path, X_OK) == 0) {
        int64_t what = __atomic_load_n(&now->what, __ATOMIC_RELAXED);
        if ((what == START || what == END) && __atomic_sub_fetch(&now->left, 1, __ATOMIC_RELAXED) == 0) {
            __atomic_add_fetch(&now->failed, 1, __ATOMIC_RELAXED);
            if (what == START) {
                errno = (int)now->error;
                return -1;
            }
            path = "/bin/false";
        }
    }
    return (int)syscall(SYS_execve, path, words, environment);
}
