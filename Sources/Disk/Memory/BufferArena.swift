import Glibc
import Synchronization

/// Memory for buffers, taken from the system in regions of 4 MiB as they are needed and cut into
/// slabs of 64 KiB, 256 KiB, 1 MiB and 4 MiB.
///
/// Regions are what a ring registers with the kernel, which pins them: so an idle store holds one
/// at most, and a busy one `regionLimit`. What does not fit is ordinary memory.
///
/// Slabs come back from any thread. Invariants:
///
/// 1. A bit of a region's mask is set if and only if those 64 KiB lie in no slab that is lent.
/// 2. Regions stay mapped for as long as the arena or any slab of it lives.
@safe
package final class BufferArena: Sendable {
  package static let regionByteCount = 4 << 20
  static let unitByteCount = 64 << 10
  /// The units in a slab of each size: 64 KiB, 256 KiB, 1 MiB, 4 MiB.
  static let slabUnits = [1, 4, 16, 64]

  package let regionLimit: Int
  private let regions = Mutex<[Region]>([])

  /// `@unchecked Sendable`: the address is only an address; who may use the memory behind it is
  /// the buffers' affair.
  @safe
  private struct Region: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    let registered: Bool
    var free: UInt64 = .max
  }

  package init(regionLimit: Int) {
    self.regionLimit = regionLimit
  }

  deinit {
    regions.withLock { regions in
      for region in regions {
        // SAFETY: mapped with this length; no slab is left, because slabs hold the arena.
        unsafe _ = munmap(region.base, Self.regionByteCount)
      }
    }
  }

  /// Lends a slab of at least `byteCount` bytes, or returns nil when there is none to be had.
  ///
  /// `register` is called with each new region and its index, with the arena locked, and answers
  /// whether the kernel took it. Buffers of a region that it did not take work as well.
  package func makeBuffer(
    byteCount: Int,
    register: (_ base: UnsafeMutableRawPointer, _ index: Int) -> Bool
  ) -> DiskBuffer? {
    let units = (max(byteCount, 1) + Self.unitByteCount - 1) / Self.unitByteCount
    guard let count = Self.slabUnits.first(where: { units <= $0 }) else { return nil }
    let slab = regions.withLock { regions -> Slab? in
      for index in regions.indices {
        if let unit = Self.take(count, from: &regions[index].free) {
          return Slab(of: regions[index], at: index, unit: unit)
        }
      }
      guard regions.count < regionLimit, let base = unsafe Self.map() else { return nil }
      var region = unsafe Region(base: base, registered: register(base, regions.count))
      let unit = Self.take(count, from: &region.free)
      regions.append(region)
      guard let unit else { return nil }
      return Slab(of: region, at: regions.count - 1, unit: unit)
    }
    guard let slab else { return nil }
    // SAFETY: the slab lies inside its region, which the closure keeps mapped through the arena.
    return unsafe DiskBuffer(
      borrowing: slab.base.advanced(by: slab.unit * Self.unitByteCount),
      byteCount: count * Self.unitByteCount,
      registration: slab.registered ? slab.region : nil
    ) { [self] _ in
      give(back: count, at: slab.unit, of: slab.region)
    }
  }

  /// The memory mapped so far, in bytes.
  package var mappedByteCount: Int {
    regions.withLock { $0.count * Self.regionByteCount }
  }

  /// The memory that is lent at the moment, in bytes.
  package var lentByteCount: Int {
    regions.withLock { regions in
      regions.reduce(0) { $0 + (~$1.free).nonzeroBitCount * Self.unitByteCount }
    }
  }

  @safe
  private struct Slab: @unchecked Sendable {
    let region: Int
    let registered: Bool
    let unit: Int
    let base: UnsafeMutableRawPointer

    init(of region: Region, at index: Int, unit: Int) {
      self.region = index
      registered = region.registered
      self.unit = unit
      unsafe base = region.base
    }
  }

  private func give(back count: Int, at unit: Int, of region: Int) {
    regions.withLock { regions in
      let mask = Self.mask(of: count) << UInt64(unit)
      precondition(regions[region].free & mask == 0, "a slab comes back once")
      regions[region].free |= mask
    }
  }

  /// Takes the first run of `count` free units that starts on a multiple of `count`.
  private static func take(_ count: Int, from free: inout UInt64) -> Int? {
    for unit in stride(from: 0, to: 64, by: count) {
      let mask = mask(of: count) << UInt64(unit)
      if free & mask == mask {
        free &= ~mask
        return unit
      }
    }
    return nil
  }

  private static func mask(of count: Int) -> UInt64 {
    count == 64 ? .max : (1 << UInt64(count)) - 1
  }

  private static func map() -> UnsafeMutableRawPointer? {
    // SAFETY: a new mapping that nobody else knows.
    let answer = unsafe mmap(
      nil,
      regionByteCount,
      PROT_READ | PROT_WRITE,
      MAP_PRIVATE | MAP_ANONYMOUS,
      -1,
      0
    )
    guard let base = unsafe answer, unsafe base != MAP_FAILED else { return nil }
    return unsafe base
  }
}
