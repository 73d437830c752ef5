#if canImport(Glibc)
import Glibc
#endif

/// Page-aligned memory that the kernel may read from and write to.
///
/// A class, because a request keeps its buffer alive whoever loses interest in it: cancelling a
/// caller never frees memory that the kernel still owns.
///
/// `@unchecked Sendable`: exactly one side uses a buffer at a time. Its owner fills it, hands it
/// to the disk with a request, and has it back with the completion (contract 4 of ``Disk``).
@safe
package final class DiskBuffer: @unchecked Sendable {
  /// What O_DIRECT asks of addresses, offsets and counts on the file systems supported, in bytes.
  package static let alignment = 4096

  /// The room in the buffer, in bytes; a multiple of ``alignment``.
  package let byteCount: Int

  /// The index of the registered region that the memory lies in, or nil for ordinary memory.
  package let registration: Int?

  package let base: UnsafeMutableRawPointer
  private let release: @Sendable (UnsafeMutableRawPointer) -> Void

  /// Allocates zeroed memory, rounded up to whole pages.
  package init(byteCount: Int) {
    let rounded = (max(byteCount, 1) + Self.alignment - 1) / Self.alignment * Self.alignment
    self.byteCount = rounded
    self.registration = nil
    if rounded >= Self.mappedByteCount, let memory = unsafe Self.map(rounded) {
      unsafe self.base = memory
      unsafe self.release = { pointer in unsafe _ = munmap(pointer, rounded) }
      return
    }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: rounded, alignment: Self.alignment)
    // SAFETY: the memory was just allocated with this size.
    unsafe memset(memory, 0, rounded)
    unsafe self.base = memory
    unsafe self.release = { pointer in unsafe pointer.deallocate() }
  }

  /// From here on memory comes from the system, which zeroes it where it is touched and has it back
  /// at once: as much as a table of contents of many small blobs takes.
  private static let mappedByteCount = 4 << 20

  private static func map(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    // SAFETY: a mapping of its own, which nothing else refers to.
    let answer = unsafe mmap(
      nil,
      byteCount,
      PROT_READ | PROT_WRITE,
      MAP_PRIVATE | MAP_ANONYMOUS,
      -1,
      0
    )
    return unsafe answer == MAP_FAILED ? nil : answer
  }

  /// Takes a region of somebody else's memory, such as a registered arena, and gives it back at
  /// the end of the buffer's life.
  package init(
    borrowing base: UnsafeMutableRawPointer,
    byteCount: Int,
    registration: Int?,
    release: @escaping @Sendable (UnsafeMutableRawPointer) -> Void
  ) {
    precondition(byteCount % Self.alignment == 0, "a buffer is whole pages")
    unsafe self.base = base
    self.byteCount = byteCount
    self.registration = registration
    unsafe self.release = release
  }

  deinit {
    unsafe release(base)
  }

  /// The whole buffer, to read.
  package var span: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      // SAFETY: the memory lives as long as the buffer, and has `byteCount` initialised bytes.
      let pointer = unsafe UnsafePointer<UInt8>(
        OpaquePointer(base)
      )
      let span = unsafe Span(_unsafeStart: pointer, count: byteCount)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// The whole buffer, to fill.
  package var mutableSpan: MutableSpan<UInt8> {
    @_lifetime(borrow self)
    get {
      // SAFETY: as for `span`; the owner is the only one to use the buffer meanwhile.
      let pointer = unsafe UnsafeMutablePointer<UInt8>(OpaquePointer(base))
      let span = unsafe MutableSpan(_unsafeStart: pointer, count: byteCount)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// Copies `source` into the buffer from `offset` on.
  ///
  /// - Precondition: it fits.
  package func copy(from source: Span<UInt8>, at offset: Int = 0) {
    precondition(offset >= 0 && source.count <= byteCount - offset, "the bytes fit the buffer")
    // SAFETY: the bounds were just checked, and the two do not overlap.
    unsafe source.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      unsafe base.advanced(by: offset).copyMemory(from: start, byteCount: bytes.count)
    }
  }

  /// Returns a copy of a part of the buffer.
  ///
  /// - Precondition: the range lies inside the buffer.
  package func bytes(in range: Range<Int>) -> [UInt8] {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount, "the range lies inside")
    // SAFETY: the bounds were just checked.
    return unsafe [UInt8](UnsafeRawBufferPointer(start: base, count: byteCount)[range])
  }

  /// Sets the bytes of a range to zero.
  ///
  /// - Precondition: the range lies inside the buffer.
  package func zero(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount, "the range lies inside")
    // SAFETY: the bounds were just checked.
    unsafe memset(base.advanced(by: range.lowerBound), 0, range.count)
  }
}
