#define _GNU_SOURCE
#include "curing.h"

#include <errno.h>
#include <liburing.h>
#include <stdlib.h>
#include <sys/uio.h>

// Kernel features newer than the header are asked for by number (liburing 2.3 knows neither).
#ifndef RWF_DONTCACHE
#define RWF_DONTCACHE 0x00000080
#endif

struct curing {
  struct io_uring ring;
};

static unsigned setup_flags(int form) {
  unsigned sizes = IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP;
  switch (form) {
  case CURING_DEFERRED:
    return sizes | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN |
           IORING_SETUP_SUBMIT_ALL;
  case CURING_COOPERATIVE:
    return sizes | IORING_SETUP_COOP_TASKRUN | IORING_SETUP_SUBMIT_ALL;
  default:
    return sizes;
  }
}

int curing_create(struct curing **out, unsigned entries, unsigned completions, int form) {
  struct curing *ring = calloc(1, sizeof *ring);
  if (!ring) return -ENOMEM;
  struct io_uring_params params = {.flags = setup_flags(form), .cq_entries = completions};
  int result = io_uring_queue_init_params(entries, &ring->ring, &params);
  if (result < 0) {
    free(ring);
    return result;
  }
  *out = ring;
  return 0;
}

void curing_destroy(struct curing *ring) {
  io_uring_queue_exit(&ring->ring);
  free(ring);
}

int curing_register_ring(struct curing *ring) {
  int result = io_uring_register_ring_fd(&ring->ring);
  return result < 0 ? result : 0;
}

int curing_register_files(struct curing *ring, unsigned count) {
  return io_uring_register_files_sparse(&ring->ring, count);
}

int curing_set_file(struct curing *ring, unsigned index, int descriptor) {
  int result = io_uring_register_files_update(&ring->ring, index, &descriptor, 1);
  return result < 0 ? result : 0;
}

int curing_unregister_files(struct curing *ring) {
  return io_uring_unregister_files(&ring->ring);
}

int curing_register_buffers(struct curing *ring, unsigned count) {
  return io_uring_register_buffers_sparse(&ring->ring, count);
}

int curing_set_buffer(struct curing *ring, unsigned index, void *base, size_t byte_count) {
  struct iovec region = {.iov_base = base, .iov_len = byte_count};
  __u64 tag = 0;
  int result = io_uring_register_buffers_update_tag(&ring->ring, index, &region, &tag, 1);
  return result < 0 ? result : 0;
}

int curing_limit_workers(struct curing *ring, unsigned bounded, unsigned unbounded) {
  unsigned values[2] = {bounded, unbounded};
  return io_uring_register_iowq_max_workers(&ring->ring, values);
}

unsigned curing_room(struct curing *ring) { return io_uring_sq_space_left(&ring->ring); }

static void finish(struct io_uring_sqe *sqe, unsigned flags, uint64_t user_data) {
  if (flags & CURING_FIXED_FILE) sqe->flags |= IOSQE_FIXED_FILE;
  if (flags & CURING_LINK) sqe->flags |= IOSQE_IO_LINK;
  sqe->user_data = user_data;
}

int curing_read(struct curing *ring, int file, void *base, unsigned byte_count, uint64_t offset,
                int buffer, unsigned flags, uint64_t user_data) {
  struct io_uring_sqe *sqe = io_uring_get_sqe(&ring->ring);
  if (!sqe) return -EBUSY;
  if (buffer >= 0)
    io_uring_prep_read_fixed(sqe, file, base, byte_count, offset, buffer);
  else
    io_uring_prep_read(sqe, file, base, byte_count, offset);
  if (flags & CURING_DONTCACHE) sqe->rw_flags |= RWF_DONTCACHE;
  finish(sqe, flags, user_data);
  return 0;
}

int curing_write(struct curing *ring, int file, const void *base, unsigned byte_count,
                 uint64_t offset, int buffer, unsigned flags, uint64_t user_data) {
  struct io_uring_sqe *sqe = io_uring_get_sqe(&ring->ring);
  if (!sqe) return -EBUSY;
  if (buffer >= 0)
    io_uring_prep_write_fixed(sqe, file, base, byte_count, offset, buffer);
  else
    io_uring_prep_write(sqe, file, base, byte_count, offset);
  if (flags & CURING_DSYNC) sqe->rw_flags |= RWF_DSYNC;
  finish(sqe, flags, user_data);
  return 0;
}

int curing_sync(struct curing *ring, int file, int data_only, unsigned flags,
                uint64_t user_data) {
  struct io_uring_sqe *sqe = io_uring_get_sqe(&ring->ring);
  if (!sqe) return -EBUSY;
  io_uring_prep_fsync(sqe, file, data_only ? IORING_FSYNC_DATASYNC : 0);
  finish(sqe, flags, user_data);
  return 0;
}

int curing_allocate(struct curing *ring, int file, uint64_t byte_count, unsigned flags,
                    uint64_t user_data) {
  struct io_uring_sqe *sqe = io_uring_get_sqe(&ring->ring);
  if (!sqe) return -EBUSY;
  io_uring_prep_fallocate(sqe, file, 0, 0, (off_t)byte_count);
  finish(sqe, flags, user_data);
  return 0;
}

int curing_submit_and_wait(struct curing *ring, unsigned wanted, int64_t nanoseconds) {
  struct io_uring_cqe *cqe = NULL;
  int result;
  if (wanted == 0 || nanoseconds == 0) {
    // Deferred task work runs only when asked for, even when nobody waits.
    result = io_uring_submit_and_get_events(&ring->ring);
  } else if (nanoseconds < 0) {
    result = io_uring_submit_and_wait(&ring->ring, wanted);
  } else {
    struct __kernel_timespec limit = {
        .tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    result = io_uring_submit_and_wait_timeout(&ring->ring, &cqe, wanted, &limit, NULL);
    if (result == -ETIME) result = 0;
  }
  return result < 0 ? result : 0;
}

unsigned curing_reap(struct curing *ring, struct curing_completion *out, unsigned room) {
  struct io_uring_cqe *cqe;
  unsigned head, count = 0;
  io_uring_for_each_cqe(&ring->ring, head, cqe) {
    if (count == room) break;
    out[count].user_data = cqe->user_data;
    out[count].result = cqe->res;
    out[count].flags = cqe->flags;
    count++;
  }
  io_uring_cq_advance(&ring->ring, count);
  return count;
}
