import Glibc
import Ring

/// Makes the ring of a store; tests pass one that is refused.
typealias RingMaker = (StoreDirectory, DiskOptions) throws(SystemError) -> RingDisk

/// The disk that was chosen for a store.
package enum OpenedDisk: ~Copyable {
  case ring(RingDisk)
  case threads(ThreadDisk)

  /// What was found out at open, for logs.
  package var summary: String {
    switch self {
    case .ring(let disk): disk.summary
    case .threads(let disk): disk.summary
    }
  }

  /// Opens the directory of a store on the disk that `options` choose.
  ///
  /// Call it on the thread that will use the disk: a ring belongs to the thread that made it.
  ///
  /// `notice` is told, a line each, what the operator should know: of a file system that is less
  /// than fit, and why there is no io_uring.
  ///
  /// - Throws: ``DiskError/locked``, ``DiskError/unsupported(_:)``, or what the system refused.
  package static func open(
    at path: String,
    options: DiskOptions,
    notice: (String) -> Void
  ) throws(DiskError) -> OpenedDisk {
    try open(at: path, options: options, makeRing: RingDisk.init, notice: notice)
  }

  static func open(
    at path: String,
    options: DiskOptions,
    makeRing: RingMaker,
    notice: (String) -> Void
  ) throws(DiskError) -> OpenedDisk {
    let directory = try StoreDirectory(
      path: path,
      acceptsAnyFileSystem: options.acceptsAnyFileSystem,
      direct: options.direct
    )
    for sentence in directory.notices { notice(sentence) }
    if options.choice == .threads {
      return .threads(try ThreadDisk(directory, options: options))
    }
    do throws(SystemError) {
      return .ring(try makeRing(directory, options))
    } catch {
      guard options.choice == .automatic, RingRefusal.codes.contains(error.code) else {
        throw .unsupported(RingRefusal.sentence(for: error))
      }
      notice("\(RingRefusal.sentence(for: error)); going on with threads")
      return .threads(try ThreadDisk(directory, options: options))
    }
  }
}

/// Why there is no io_uring here, and what to do about it.
enum RingRefusal {
  /// The answers that say that this process may not or cannot have a ring, and not that the
  /// request was wrong.
  static let codes: Set<Int32> = [EPERM, EACCES, ENOSYS, ENOMEM]

  static func sentence(for refusal: SystemError) -> String {
    "io_uring is not available (\(DiskError(refusal))): \(remedy(for: refusal.code))"
  }

  private static func remedy(for code: Int32) -> String {
    switch code {
    case EPERM, EACCES:
      "set the sysctl kernel.io_uring_disabled to 0, or in a container allow the io_uring system "
        + "calls in its seccomp profile"
    case ENOSYS: "use Linux 5.19 or later with CONFIG_IO_URING"
    case ENOMEM: "raise the limit on locked memory (ulimit -l) or the memory of the container"
    default: "use --io threads"
    }
  }
}
