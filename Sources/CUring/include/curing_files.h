// System calls on files that Swift's Glibc module does not show, because their declarations need
// _GNU_SOURCE. Only files.c defines it.
//
// Every function returns a negative errno when it fails.

#ifndef CURING_FILES_H
#define CURING_FILES_H

#include <stddef.h>
#include <stdint.h>

enum {
  CURING_OPEN_DIRECT = 1,     // O_DIRECT
  CURING_OPEN_CREATE = 2,     // O_CREAT | O_EXCL, mode 0600
  CURING_OPEN_KEEP = 4,       // O_CREAT without O_EXCL, mode 0600
  CURING_OPEN_DIRECTORY = 8,  // O_DIRECTORY | O_RDONLY
};

/// Opens a path below `directory` (or AT_FDCWD as -100) for reading and writing, close-on-exec.
int curing_file_open(int directory, const char *path, unsigned flags);
int curing_file_allocate(int descriptor, uint64_t byte_count);
int64_t curing_file_read(int descriptor, void *base, size_t byte_count, uint64_t offset,
                         int leave_no_cache);
int64_t curing_file_write(int descriptor, const void *base, size_t byte_count, uint64_t offset,
                          int durable);
/// Takes the exclusive open-file-description lock, or returns -EAGAIN at once.
int curing_file_lock(int descriptor);
/// Tells the kernel that reads will come in no order.
int curing_file_expect_random(int descriptor);
/// The magic number of the file system that holds a file (statfs(2)).
int64_t curing_file_system(int descriptor);
/// The bytes that the file system of a file has left for unprivileged users (statfs(2)); INT64_MAX
/// where it does not count them.
int64_t curing_file_system_room(int descriptor);
/// What direct reads and writes must be aligned to, in bytes: 0 for no direct I/O, and 4096 where
/// the kernel does not say (STATX_DIOALIGN, Linux 6.1).
int64_t curing_file_direct_alignment(int descriptor);
/// A new eventfd(2), close-on-exec and blocking.
int curing_event_open(void);
/// Gives the calling thread a name of at most 15 bytes, for ps(1) and perf(1).
void curing_thread_name(const char *name);
/// Gives the pages of the heap back that hold nothing (malloc_trim(3)); does nothing where the C
/// library has no such call.
void curing_heap_trim(void);

#endif
