/// Everything the engine may ask of the world below it.
///
/// The engine's core decides and returns ``DiskRequest`` values; a disk carries them out in any
/// order and reports each exactly once. Three implementations answer to one conformance suite:
/// `RingDisk` (io_uring), `ThreadDisk` (a pool of threads) and the simulated disk of the tests.
///
/// Contract:
///
/// 1. A write is volatile until a flush of its file that was submitted **after** the write's
///    completion was seen, or until it completes itself when it asked to be `flushed`.
/// 2. A new file's name and size are volatile until the file is flushed and then its directory; the
///    new size of one that was extended, until the file is flushed.
/// 3. Every completion is checked for length by the disk: a write is whole or fails with
///    ``DiskError/short(expected:actual:)``; a read past the end of a file is short.
/// 4. A buffer named in a request belongs to the disk until that request completes; the request
///    keeps it alive.
/// 5. All methods but those of the ``DiskWaker`` are called from one thread.
/// 6. Interrupted and would-block answers are retried by the disk; all others go to the caller.
package protocol Disk: ~Copyable {
  /// What carries the work out, for logs and metrics, such as `ring` or `threads`.
  var name: String { get }

  /// Wakes a `wait` from any thread.
  var waker: any DiskWaker { get }

  /// Lists the files that are there with their sizes in bytes, in no order.
  mutating func files() throws(DiskError) -> [StoreFile: UInt64]

  /// Lends a buffer of at least `byteCount` bytes, page-aligned; it returns when released, from any
  /// thread. What is in it is what its last user left there: zero what is not filled.
  mutating func makeBuffer(byteCount: Int) -> DiskBuffer

  /// Queues a request. Nothing need happen before the next `wait`.
  mutating func submit(_ request: DiskRequest)

  /// Starts what was queued, and waits until something has completed, `waker` was called or
  /// `timeout` has passed (nil: no limit); appends what completed.
  mutating func wait(timeout: Duration?, into completions: inout [DiskCompletion])
}

/// The one part of a disk that other threads may touch.
package protocol DiskWaker: Sendable {
  /// Makes the current or the next `wait` return. Cheap to call again before that happens.
  func wake()
}

/// A request, named by its caller.
package struct DiskRequest: Sendable {
  /// Comes back in the completion; the caller never has two of the same under way.
  package let id: UInt64
  package let operation: DiskOperation

  package init(id: UInt64, operation: DiskOperation) {
    self.id = id
    self.operation = operation
  }
}

/// The verbs of a disk, with offsets and counts in bytes.
package enum DiskOperation: Sendable {
  /// Creates a file of `byteCount` zeroes, with its space allocated (fallocate(2)). Fails when it
  /// exists, and leaves nothing behind when there is no room. Durable only after `flush` and
  /// `flushDirectory`.
  case create(StoreFile, byteCount: UInt64)
  /// Makes a file that is there `byteCount` bytes long, with its space allocated; what was in it
  /// stays, and zeroes follow. A file that is as long already stays as it is; one for which there
  /// is no room may be longer than it was. Durable only after `flush`.
  case extend(StoreFile, byteCount: UInt64)
  /// Removes a file. Durable only after `flushDirectory`.
  case remove(StoreFile)
  /// Reads `byteCount` bytes at `offset` into the front of the buffer, or from `bufferOffset` on.
  case read(
    StoreFile,
    offset: UInt64,
    byteCount: Int,
    into: DiskBuffer,
    bufferOffset: Int,
    ReadMode
  )
  /// Writes `byteCount` bytes from `bufferOffset` on at `offset`; when `flushed`, completes only
  /// once the bytes would survive a power cut. Offset, count and buffer offset are multiples of
  /// ``DiskBuffer/alignment``.
  case write(
    StoreFile,
    offset: UInt64,
    byteCount: Int,
    from: DiskBuffer,
    bufferOffset: Int,
    flushed: Bool
  )
  /// Makes completed writes and the size of a file durable.
  case flush(StoreFile)
  /// Makes created and removed names of the directory that holds this file durable.
  case flushDirectory(of: StoreFile)
}

/// How a read meets the page cache.
package enum ReadMode: Hashable, Sendable {
  /// Around the page cache; needs aligned offset, count and buffer offset.
  case direct
  /// Through the page cache.
  case cached
  /// Through the page cache, leaving nothing behind where the kernel can do that
  /// (`RWF_DONTCACHE`, Linux 6.14).
  case cachedOnce
}

/// The end of a request: the bytes moved, or what went wrong.
package struct DiskCompletion: Sendable {
  package let id: UInt64
  package let result: Result<Int, DiskError>

  package init(id: UInt64, result: Result<Int, DiskError>) {
    self.id = id
    self.result = result
  }
}
