import CUring

extension Ring {
  /// The file of a request.
  package enum Target: Sendable {
    /// A place of the registered table: spares the kernel a look-up and a reference count.
    case registered(Int)
    case descriptor(Int32)

    fileprivate var number: Int32 {
      switch self {
      case .registered(let index): Int32(index)
      case .descriptor(let descriptor): descriptor
      }
    }

    fileprivate var flags: UInt32 {
      if case .registered = self { UInt32(CURING_FIXED_FILE) } else { 0 }
    }
  }

  /// What a request is asked beside its operands.
  package struct Manner: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The next request of the same submission starts only once this one has wholly succeeded.
    ///
    /// Otherwise it completes with ECANCELED. Make sure that there is ``Ring/room`` for both.
    package static let linked = Manner(rawValue: UInt32(CURING_LINK))
    /// A write completes only once it is durable (`RWF_DSYNC`).
    package static let durable = Manner(rawValue: UInt32(CURING_DSYNC))
    /// A read leaves nothing in the page cache (`RWF_DONTCACHE`); old kernels answer EOPNOTSUPP.
    package static let leavesNoCache = Manner(rawValue: UInt32(CURING_DONTCACHE))
  }

  /// Queues a read into memory that lies in the registered region `buffer`, if that is not nil.
  ///
  /// - Precondition: there is ``room``, here and in the methods below.
  package mutating func read(
    _ target: Target,
    into base: UnsafeMutableRawPointer,
    byteCount: Int,
    at offset: UInt64,
    buffer: Int?,
    _ manner: Manner,
    number: UInt64
  ) {
    // SAFETY: the caller keeps the memory alive until the completion was reaped.
    queued(
      unsafe curing_read(
        handle,
        target.number,
        base,
        UInt32(byteCount),
        offset,
        Int32(buffer ?? -1),
        target.flags | manner.rawValue,
        number
      )
    )
  }

  /// Queues a write from memory that lies in the registered region `buffer`, if that is not nil.
  package mutating func write(
    _ target: Target,
    from base: UnsafeRawPointer,
    byteCount: Int,
    at offset: UInt64,
    buffer: Int?,
    _ manner: Manner,
    number: UInt64
  ) {
    // SAFETY: the caller keeps the memory alive until the completion was reaped.
    queued(
      unsafe curing_write(
        handle,
        target.number,
        base,
        UInt32(byteCount),
        offset,
        Int32(buffer ?? -1),
        target.flags | manner.rawValue,
        number
      )
    )
  }

  /// Queues a flush of a file: fdatasync(2), or fsync(2) when not `dataOnly`.
  package mutating func flush(_ target: Target, dataOnly: Bool, number: UInt64) {
    queued(unsafe curing_sync(handle, target.number, dataOnly ? 1 : 0, target.flags, number))
  }

  /// Queues the allocation of a file's first `byteCount` bytes (fallocate(2)).
  package mutating func allocate(_ target: Target, byteCount: UInt64, number: UInt64) {
    queued(unsafe curing_allocate(handle, target.number, byteCount, target.flags, number))
  }

  private func queued(_ answer: Int32) {
    precondition(answer == 0, "a request is queued only where there is room")
  }
}
