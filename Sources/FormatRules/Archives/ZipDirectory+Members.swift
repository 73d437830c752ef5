extension ZipDirectory {
  /// Checks what every archive that is unpacked somewhere must keep to: paths that stay below the
  /// folder it is unpacked in and are the same on every system, no member twice, no two members
  /// made of the same bytes, and bounds on what it becomes.
  ///
  /// - Throws: ``MalformedInput`` that names the member.
  /// - Complexity: O(n log n) in the number of members; nothing is read.
  package func checkMembers(
    atMost count: Int,
    bytes byteCount: UInt64
  ) throws(MalformedInput) {
    guard entries.count <= count else {
      throw Self.failure("it has more than \(count) members")
    }
    var total: UInt64 = 0
    var names: Set<Substring> = []
    for entry in entries {
      try Self.checkPath(entry.name)
      let path = entry.name.hasSuffix("/") ? entry.name.dropLast() : entry.name[...]
      guard names.insert(path).inserted else {
        throw Self.failure("it has its member \(entry.name) twice")
      }
      let (sum, overflows) = total.addingReportingOverflow(entry.byteCount)
      guard !overflows, sum <= byteCount else {
        throw Self.failure("its members would be more than \(byteCount) bytes when unpacked")
      }
      total = sum
    }
    try checkPlaces()
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

  /// Members that overlap are how a small archive becomes a huge one.
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
  }
}
