import CUring
import Glibc

/// One open descriptor, closed with the last reference to it.
///
/// A class and not a value that cannot be copied, because requests under way on other threads keep
/// the descriptor open whatever becomes of the table it came from.
package final class OpenFile: Sendable {
  /// Stands for the working directory where a directory is asked for.
  package static let workingDirectory: Int32 = -100

  /// How a file is opened; always for reading and writing, and never inherited by a child.
  package struct Mode: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Around the page cache (`O_DIRECT`).
    package static let direct = Mode(rawValue: UInt32(CURING_OPEN_DIRECT))
    /// Made by this call, refused when it exists.
    package static let create = Mode(rawValue: UInt32(CURING_OPEN_CREATE))
    /// Made unless it exists.
    package static let createOrKeep = Mode(rawValue: UInt32(CURING_OPEN_KEEP))
    /// A directory, for reading only.
    package static let directory = Mode(rawValue: UInt32(CURING_OPEN_DIRECTORY))
  }

  package let descriptor: Int32

  init(adopting descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Opens `path`, which is relative to `directory`.
  package init(
    _ path: String,
    in directory: Int32 = OpenFile.workingDirectory,
    _ mode: Mode
  ) throws(SystemError) {
    // SAFETY: the string lives for the length of the call.
    let answer = unsafe curing_file_open(directory, path, mode.rawValue)
    descriptor = try SystemError.check(answer, "open \(path)")
  }

  deinit {
    // Nothing is lost by ignoring the answer: whatever had to be durable was flushed before.
    _ = Glibc.close(descriptor)
  }
}
