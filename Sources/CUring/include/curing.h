// liburing behind an opaque handle.
//
// This header names only plain integer types and an incomplete struct. A Swift module that saw
// liburing's own headers could not also see SystemPackage, which defines the same kernel types in
// its own way. Only ring.c includes them.
//
// Every function that can fail returns a negative errno. A ring belongs to the thread that made it.

#ifndef CURING_H
#define CURING_H

#include <stddef.h>
#include <stdint.h>

struct curing;

/// How a ring was set up: the newest form that the kernel accepts is the best one.
enum {
  CURING_DEFERRED = 0,     // SINGLE_ISSUER | DEFER_TASKRUN | SUBMIT_ALL, Linux 6.1
  CURING_COOPERATIVE = 1,  // COOP_TASKRUN | SUBMIT_ALL, Linux 5.19
  CURING_PLAIN = 2,        // no flags but the size of the completion queue
};

/// What a request is told beside its operands.
enum {
  CURING_FIXED_FILE = 1,  // `file` is an index of the registered table, not a descriptor
  CURING_LINK = 2,        // the next request starts only once this one has wholly succeeded
  CURING_DSYNC = 4,       // a write completes only once it is durable (RWF_DSYNC)
  CURING_DONTCACHE = 8,   // a read leaves nothing in the page cache (RWF_DONTCACHE, Linux 6.14)
};

struct curing_completion {
  uint64_t user_data;
  int32_t result;
  uint32_t flags;
};

int curing_create(struct curing **out, unsigned entries, unsigned completions, int form);
void curing_destroy(struct curing *ring);

int curing_register_ring(struct curing *ring);
int curing_register_files(struct curing *ring, unsigned count);
int curing_set_file(struct curing *ring, unsigned index, int descriptor);
int curing_unregister_files(struct curing *ring);
int curing_register_buffers(struct curing *ring, unsigned count);
int curing_set_buffer(struct curing *ring, unsigned index, void *base, size_t byte_count);
int curing_limit_workers(struct curing *ring, unsigned bounded, unsigned unbounded);

/// How many more requests can be queued before the next submission.
unsigned curing_room(struct curing *ring);

// Each queues one request, or returns -EBUSY when the queue is full. `buffer` is the index of the
// registered region that holds the memory, or -1.
int curing_read(struct curing *ring, int file, void *base, unsigned byte_count, uint64_t offset,
                int buffer, unsigned flags, uint64_t user_data);
int curing_write(struct curing *ring, int file, const void *base, unsigned byte_count,
                 uint64_t offset, int buffer, unsigned flags, uint64_t user_data);
int curing_sync(struct curing *ring, int file, int data_only, unsigned flags, uint64_t user_data);
int curing_allocate(struct curing *ring, int file, uint64_t byte_count, unsigned flags,
                    uint64_t user_data);

/// Submits what is queued and waits for `wanted` completions; `nanoseconds` below zero is for ever.
/// Running out of time is no error.
int curing_submit_and_wait(struct curing *ring, unsigned wanted, int64_t nanoseconds);

/// Moves up to `room` completions to `out` and returns how many there were.
unsigned curing_reap(struct curing *ring, struct curing_completion *out, unsigned room);

#endif
