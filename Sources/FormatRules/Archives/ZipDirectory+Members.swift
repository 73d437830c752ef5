extension ZipDirectory {
  /// Checks what every archive that is unpacked somewhere must keep to: paths that stay below the
  /// folder it is unpacked in and are the same on every system, no member twice, no two members
  /// made of the same bytes, and bounds on what it becomes.
  ///
  /// The bounds are those of the directory's own words; a member that becomes longer than it says
  /// is refused by whoever unpacks it.
  /// - Parameter byteCount: how long all members may be together once unpacked; beyond
  ///   ``InflationLimit/freeByteCount``, they may also not be more than
  ///   ``InflationLimit/mostTimes`` times as long as the archive.
  /// - Throws: ``MalformedInput`` that names the member.
  /// - Complexity: O(n log n) in the number of members; nothing is read.
  package func checkMembers(bytes byteCount: UInt64) throws(MalformedInput) {
    var limit = InflationLimit(of: "zip archive", atMost: byteCount)
    limit.take(compressed: Int(min(offset, 1 << 50)))
    var names: Set<Substring> = []
    for entry in entries {
      try Self.checkPath(entry.name)
      let path = entry.name.hasSuffix("/") ? entry.name.dropLast() : entry.name[...]
      guard names.insert(path).inserted else {
        throw Self.failure("it has its member \(entry.name) twice")
      }
      try Self.checkRatio(entry)
      try limit.take(inflated: Int(clamping: min(entry.byteCount, byteCount + 1)))
    }
    try checkPlaces()
  }

  /// Deflate makes at most 1032 bytes of one; other methods may make more of little.
  private static func checkRatio(_ entry: ZipEntry) throws(MalformedInput) {
    let (most, overflows) = entry.compressedByteCount.multipliedReportingOverflow(by: 1032)
    guard overflows || entry.byteCount <= max(most, InflationLimit.freeByteCount) else {
      throw failure("its member \(entry.name) says it is more than 1032 times its size")
    }
  }

  private static func checkPath(_ name: String) throws(MalformedInput) {
    let segments = name.split(separator: "/", omittingEmptySubsequences: false)
    let path = segments.last == "" ? segments.dropLast() : segments[...]
    let isSafe =
      !path.isEmpty
      && path.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
      && !name.utf8.contains { $0 < 0x20 || $0 == 0x5C || $0 == 0x7F }
    guard isSafe else {
      throw failure("its member \(name.debugDescription) has a path that is not relative and plain")
    }
  }

  /// Members that overlap, or reach into the directory, are how a small archive becomes a huge one.
  private func checkPlaces() throws(MalformedInput) {
    let ordered = entries.sorted { $0.localHeaderOffset < $1.localHeaderOffset }
    for (entry, next) in zip(ordered, ordered.dropFirst()) {
      let (end, overflows) = entry.localHeaderOffset.addingReportingOverflow(
        entry.compressedByteCount
      )
      guard !overflows, end < next.localHeaderOffset else {
        throw Self.failure("its members \(entry.name) and \(next.name) overlap")
      }
    }
    guard let last = ordered.last else { return }
    let (end, overflows) = last.localHeaderOffset.addingReportingOverflow(last.compressedByteCount)
    guard !overflows, end < offset else {
      throw Self.failure("its member \(last.name) and its directory overlap")
    }
  }
}
