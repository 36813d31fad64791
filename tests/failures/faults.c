/* A disk that fails at its n-th write, for a program that knows nothing of it. Loaded with LD_PRELOAD.
 *
 * FAULT_UNDER    counted is what is written to files below this folder, or what is sent to this port of this machine
 * FAULT_COUNTER  a file of 8 bytes: the count, shared by all processes of a run
 * FAULT_AT       the number of the write at which it happens
 * FAULT_DO       count  nothing ever happens
 *                kill   all processes of the group die just before it
 *                torn   half of it is done, then they die
 *                io     it alone fails, with EIO
 *                full   it and all after it fail, with ENOSPC; what takes no room still works
 *                gone   it and all after it fail, with EROFS; of a port: its connections are broken
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *under, *what;
static uint64_t *count, at;
static int port;

__attribute__((constructor)) static void begin(void) {
    const char *counter = getenv("FAULT_COUNTER"), *number = getenv("FAULT_AT");
    under = getenv("FAULT_UNDER");
    what = getenv("FAULT_DO");
    if (!counter || !number || !under || !what) { under = NULL; return; }
    at = strtoull(number, NULL, 10);
    port = under[0] == '/' ? 0 : atoi(under);
    int file = (int)syscall(SYS_openat, AT_FDCWD, counter, O_RDWR, 0);
    if (file < 0) { under = NULL; return; }
    count = mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (count == MAP_FAILED) under = NULL;
}

static int is_below(const char *path) {
    size_t length = strlen(under);
    return strncmp(path, under, length) == 0 && (path[length] == '/' || path[length] == 0);
}

/* Whether a descriptor is of a file below the folder, or a socket to the port. */
static int is_ours(int file) {
    if (!under) return 0;
    int before = errno, ours = 0;
    if (port) {
        struct sockaddr_in there;
        socklen_t length = sizeof there;
        ours = getpeername(file, (struct sockaddr *)&there, &length) == 0 && there.sin_family == AF_INET &&
               ntohs(there.sin_port) == port;
    } else {
        char link[64], path[PATH_MAX];
        snprintf(link, sizeof link, "/proc/self/fd/%d", file);
        ssize_t length = readlink(link, path, sizeof path - 1);
        if (length > 0) { path[length] = 0; ours = is_below(path); }
    }
    errno = before;
    return ours;
}

static int is_our_name(int folder, const char *name) {
    char path[PATH_MAX * 2], base[PATH_MAX], link[64];
    if (!under || port || !name) return 0;
    if (name[0] == '/') return is_below(name);
    int before = errno;
    if (folder == AT_FDCWD) {
        if (!getcwd(base, sizeof base)) base[0] = 0;
    } else {
        snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
        ssize_t length = readlink(link, base, sizeof base - 1);
        base[length > 0 ? length : 0] = 0;
    }
    snprintf(path, sizeof path, "%s/%s", base, name);
    errno = before;
    return is_below(path);
}

static void die(void) {
    kill(0, SIGKILL);
    for (;;) pause();
}

enum { GO_ON, FAIL, HALF };

/* Count one write of ours. grows: whether it takes room on the disk. */
static int counted(int grows) {
    uint64_t number = __atomic_add_fetch(count, 1, __ATOMIC_SEQ_CST);
    if (number < at || !strcmp(what, "count")) return GO_ON;
    if (!strcmp(what, "full")) { if (!grows) return GO_ON; errno = ENOSPC; return FAIL; }
    if (!strcmp(what, "gone")) { errno = port ? ECONNRESET : EROFS; return FAIL; }
    if (number > at) return GO_ON;
    if (!strcmp(what, "io")) { errno = EIO; return FAIL; }
    if (!strcmp(what, "torn")) return HALF;
    die();
    return FAIL;
}

/* The same for what cannot be done by half. */
static int refused(int grows) {
    int found = counted(grows);
    if (found == HALF) die();
    return found == FAIL;
}

#define REAL(name) static __typeof__(name) *real; if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

#define WRITER(name, arguments, given, half)                                                     \
    ssize_t name arguments {                                                                     \
        REAL(name);                                                                              \
        if (is_ours(file)) switch (counted(1)) {                                                 \
            case FAIL: if (port) shutdown(file, SHUT_RDWR); return -1;                           \
            case HALF: length /= 2; if (length) { ssize_t done = real half; (void)done; } die(); \
        }                                                                                        \
        return real given;                                                                       \
    }

WRITER(write, (int file, const void *from, size_t length), (file, from, length), (file, from, length))
WRITER(pwrite, (int file, const void *from, size_t length, off_t to), (file, from, length, to), (file, from, length, to))
WRITER(pwrite64, (int file, const void *from, size_t length, off64_t to), (file, from, length, to), (file, from, length, to))
WRITER(send, (int file, const void *from, size_t length, int flags), (file, from, length, flags), (file, from, length, flags))
WRITER(sendto, (int file, const void *from, size_t length, int flags, const struct sockaddr *to, socklen_t size),
       (file, from, length, flags, to, size), (file, from, length, flags, to, size))
WRITER(sendfile, (int file, int in, off_t *place, size_t length), (file, in, place, length), (file, in, place, length))
WRITER(sendfile64, (int file, int in, off64_t *place, size_t length), (file, in, place, length), (file, in, place, length))

ssize_t copy_file_range(int in, off64_t *a, int file, off64_t *b, size_t length, unsigned int flags) {
    REAL(copy_file_range);
    if (is_ours(file) && refused(1)) return -1;
    return real(in, a, file, b, length, flags);
}

#define OF_FILE(name, arguments, given, grows)             \
    int name arguments {                                   \
        REAL(name);                                        \
        if (is_ours(file) && refused(grows)) return -1; \
        return real given;                                 \
    }

OF_FILE(fsync, (int file), (file), 0)
OF_FILE(fdatasync, (int file), (file), 0)
OF_FILE(ftruncate, (int file, off_t length), (file, length), 0)
OF_FILE(ftruncate64, (int file, off64_t length), (file, length), 0)

#define OF_NAME(name, arguments, folder, path, given, grows)        \
    int name arguments {                                            \
        REAL(name);                                                 \
        if (is_our_name(folder, path) && refused(grows)) return -1; \
        return real given;                                          \
    }

OF_NAME(rename, (const char *from, const char *to), AT_FDCWD, to, (from, to), 0)
OF_NAME(renameat, (int a, const char *from, int b, const char *to), b, to, (a, from, b, to), 0)
OF_NAME(link, (const char *from, const char *to), AT_FDCWD, to, (from, to), 1)
OF_NAME(unlink, (const char *path), AT_FDCWD, path, (path), 0)
OF_NAME(unlinkat, (int folder, const char *path, int flags), folder, path, (folder, path, flags), 0)
OF_NAME(mkdir, (const char *path, mode_t mode), AT_FDCWD, path, (path, mode), 1)
OF_NAME(mkdirat, (int folder, const char *path, mode_t mode), folder, path, (folder, path, mode), 1)
OF_NAME(rmdir, (const char *path), AT_FDCWD, path, (path), 0)

/* A file that is made is a write too. */
#define MAKER(name, arguments, folder, given)                                               \
    int name arguments {                                                                    \
        REAL(name);                                                                         \
        mode_t mode = 0;                                                                    \
        if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) {                        \
            va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); \
        }                                                                                   \
        int makes = (flags & O_CREAT) && faccessat(folder, path, F_OK, 0) != 0;             \
        if (makes && is_our_name(folder, path) && refused(1)) return -1;            \
        return real given;                                                                  \
    }

MAKER(open, (const char *path, int flags, ...), AT_FDCWD, (path, flags, mode))
MAKER(open64, (const char *path, int flags, ...), AT_FDCWD, (path, flags, mode))
MAKER(openat, (int folder, const char *path, int flags, ...), folder, (folder, path, flags, mode))
MAKER(openat64, (int folder, const char *path, int flags, ...), folder, (folder, path, flags, mode))
