#define _GNU_SOURCE
#include "curing_files.h"

#include <errno.h>
#include <fcntl.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef RWF_DSYNC
#define RWF_DSYNC 0x00000002
#endif
#ifndef RWF_DONTCACHE
#define RWF_DONTCACHE 0x00000080
#endif

int curing_file_open(int directory, const char *path, unsigned flags) {
  int mode = O_RDWR;
  if (flags & CURING_OPEN_DIRECTORY) mode = O_RDONLY | O_DIRECTORY;
  if (flags & CURING_OPEN_DIRECT) mode |= O_DIRECT;
  if (flags & CURING_OPEN_CREATE) mode |= O_CREAT | O_EXCL;
  if (flags & CURING_OPEN_KEEP) mode |= O_CREAT;
  int descriptor = openat(directory, path, mode | O_CLOEXEC, 0600);
  return descriptor < 0 ? -errno : descriptor;
}

int curing_file_allocate(int descriptor, uint64_t byte_count) {
  return fallocate(descriptor, 0, 0, (off_t)byte_count) < 0 ? -errno : 0;
}

int64_t curing_file_read(int descriptor, void *base, size_t byte_count, uint64_t offset,
                         int leave_no_cache) {
  struct iovec region = {.iov_base = base, .iov_len = byte_count};
  ssize_t count =
      preadv2(descriptor, &region, 1, (off_t)offset, leave_no_cache ? RWF_DONTCACHE : 0);
  return count < 0 ? -errno : count;
}

int64_t curing_file_write(int descriptor, const void *base, size_t byte_count, uint64_t offset,
                          int durable) {
  struct iovec region = {.iov_base = (void *)base, .iov_len = byte_count};
  ssize_t count = pwritev2(descriptor, &region, 1, (off_t)offset, durable ? RWF_DSYNC : 0);
  return count < 0 ? -errno : count;
}

int curing_file_lock(int descriptor) {
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  return fcntl(descriptor, F_OFD_SETLK, &lock) < 0 ? -errno : 0;
}

int curing_file_expect_random(int descriptor) {
  return -posix_fadvise(descriptor, 0, 0, POSIX_FADV_RANDOM);
}

int64_t curing_file_system(int descriptor) {
  struct statfs status;
  return fstatfs(descriptor, &status) < 0 ? -errno : (int64_t)(uint32_t)status.f_type;
}

int64_t curing_file_system_room(int descriptor) {
  struct statfs status;
  if (fstatfs(descriptor, &status) < 0) return -errno;
  if (status.f_blocks == 0) return INT64_MAX;
  uint64_t block = (uint64_t)(status.f_frsize > 0 ? status.f_frsize : status.f_bsize);
  uint64_t count = (uint64_t)status.f_bavail;
  return count > INT64_MAX / block ? INT64_MAX : (int64_t)(count * block);
}

int64_t curing_file_direct_alignment(int descriptor) {
#ifdef STATX_DIOALIGN
  struct statx status;
  if (statx(descriptor, "", AT_EMPTY_PATH, STATX_DIOALIGN, &status) < 0) return -errno;
  if (!(status.stx_mask & STATX_DIOALIGN)) return 4096;
  uint32_t memory = status.stx_dio_mem_align, offset = status.stx_dio_offset_align;
  return memory > offset ? memory : offset;
#else
  (void)descriptor;
  return 4096;
#endif
}

int curing_event_open(void) {
  int descriptor = eventfd(0, EFD_CLOEXEC);
  return descriptor < 0 ? -errno : descriptor;
}

void curing_thread_name(const char *name) { pthread_setname_np(pthread_self(), name); }

void curing_heap_trim(void) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}
