/// A file of a store, by the part it plays; each disk knows where it keeps it.
package enum StoreFile: Hashable, Sendable {
  /// `SUPER`: four copies of the page that says what the store is.
  case superblock
  /// `slots/000000.seg`: room for one segment at a time, reused in place.
  case slot(UInt32)
  /// `ckpt/p000.a` and `.b`: one index partition in two generations.
  case checkpoint(partition: UInt8, second: Bool)
}

extension StoreFile {
  /// The file's path below the store's directory.
  package var path: String {
    switch self {
    case .superblock: "SUPER"
    case .slot(let number): "slots/\(Self.padded(Int(number), to: 6)).seg"
    case .checkpoint(let partition, let second):
      "ckpt/p\(Self.padded(Int(partition), to: 3)).\(second ? "b" : "a")"
    }
  }

  /// Reads what ``path`` wrote, or returns nil for a name that is no file of a store.
  package init?(path: String) {
    if path == "SUPER" {
      self = .superblock
    } else if path.hasPrefix("slots/"), path.hasSuffix(".seg"),
      let number = UInt32(path.dropFirst(6).dropLast(4))
    {
      self = .slot(number)
    } else if path.hasPrefix("ckpt/p"), path.hasSuffix(".a") || path.hasSuffix(".b"),
      let partition = UInt8(path.dropFirst(6).dropLast(2))
    {
      self = .checkpoint(partition: partition, second: path.hasSuffix(".b"))
    } else {
      return nil
    }
    guard self.path == path else { return nil }
  }

  private static func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
