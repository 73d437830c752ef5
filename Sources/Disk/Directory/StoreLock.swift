import Glibc
import Ring

/// The lock of a store: one opener at a time, in this process or another.
///
/// It goes with the last descriptor of its opening (open file description locks, fcntl(2)), however
/// the process ends. A ring holds such a descriptor until its last write has landed, so the lock of
/// a killed process may outlive it by some milliseconds. The file names its holder, which tells
/// the two cases apart: a living holder is not waited for long, a dead one is.
enum StoreLock {
  private static let pauseMicroseconds: UInt32 = 5_000
  private static let patienceWithTheLiving = Duration.seconds(1)
  private static let patienceWithTheDead = Duration.seconds(20)

  /// Opens and takes the lock in the directory of a store.
  ///
  /// - Throws: ``DiskError/locked`` when another opener keeps it.
  static func take(in root: OpenFile) throws(DiskError) -> OpenFile {
    do throws(SystemError) {
      let file = try OpenFile("LOCK", in: root.descriptor, .createOrKeep)
      if try wait(for: file) {
        try name(getpid(), in: file)
        return file
      }
    } catch {
      throw DiskError(error)
    }
    throw .locked
  }

  private static func wait(for file: OpenFile) throws(SystemError) -> Bool {
    let begin = ContinuousClock.now
    while true {
      if try file.lock() { return true }
      let isAlive = try holder(of: file).map(isAlive) ?? true
      let patience = isAlive ? patienceWithTheLiving : patienceWithTheDead
      if ContinuousClock.now - begin > patience { return false }
      usleep(pauseMicroseconds)
    }
  }

  private static func isAlive(_ process: pid_t) -> Bool {
    kill(process, 0) == 0 || errno == EPERM
  }

  /// The process that took the lock last, as the file says.
  private static func holder(of file: OpenFile) throws(SystemError) -> pid_t? {
    let page = DiskBuffer(byteCount: DiskBuffer.alignment)
    // SAFETY: the buffer has a page, and is kept for the length of the call.
    let count = unsafe try file.read(into: page.base, byteCount: page.byteCount, at: 0)
    let digits = page.bytes(in: 0..<count).prefix { $0 != UInt8(ascii: "\n") }
    return pid_t(String(decoding: digits, as: UTF8.self))
  }

  private static func name(_ process: pid_t, in file: OpenFile) throws(SystemError) {
    // Padded to the longest number, so that an older one leaves nothing behind.
    let digits = Array("\(process)\n          ".utf8.prefix(12))
    let page = DiskBuffer(byteCount: digits.count)
    page.copy(from: digits.span)
    // SAFETY: as above. It is a hint, and is not flushed.
    _ = unsafe try file.write(from: page.base, byteCount: digits.count, at: 0, durable: false)
  }
}
