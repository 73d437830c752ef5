/// Which first bytes have been seen lately: a lossy table of probes in memory.
///
/// Two bytes a blob, direct-mapped: a newer blob takes the place of an older one. It starts empty
/// at each open. A miss may be wrong and costs a copy's worth of writing; a hit may be wrong too
/// and decides nothing (`engine.md` 10.1).
struct ContentFilter {
  private static let smallest = 1 << 10
  private static let largest = 1 << 21

  private var tags: [UInt16] = []
  private var insertions = 0

  /// Remembers a blob's first bytes.
  mutating func insert(_ probe: ContentProbe) {
    if tags.isEmpty { tags = Array(repeating: 0, count: Self.smallest) }
    if insertions >= tags.count, tags.count < Self.largest { grow() }
    insertions += 1
    tags[place(of: probe)] = Self.tag(of: probe)
  }

  /// Whether such first bytes were seen, as far as is remembered.
  func mayContain(_ probe: ContentProbe) -> Bool {
    !tags.isEmpty && tags[place(of: probe)] == Self.tag(of: probe)
  }

  /// A table of tags cannot be spread anew, so what was known is forgotten.
  private mutating func grow() {
    tags = Array(repeating: 0, count: tags.count * 4)
    insertions = 0
  }

  private func place(of probe: ContentProbe) -> Int {
    Int(truncatingIfNeeded: probe.low) & (tags.count - 1)
  }

  /// Never zero, which means empty.
  private static func tag(of probe: ContentProbe) -> UInt16 {
    UInt16(truncatingIfNeeded: probe.high) | 1
  }
}
