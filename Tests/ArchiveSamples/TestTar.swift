/// A tape archive of small files, and the lies that one can tell (POSIX.1-2017 `pax`).
package struct TestTar {
  package struct Member {
    package var path: String
    package var bytes: [UInt8]
    /// The type flag: `0` is a file, `1` a hard link, `2` a symbolic link, `5` a folder.
    package var type: Character
    package var link = ""
    /// A length in the header other than the true one.
    package var declaredByteCount: UInt64?
  }

  package var members: [Member]

  package init(_ files: [(path: String, text: String)] = []) {
    members = files.map { Member(path: $0.path, bytes: Array($0.text.utf8), type: "0") }
  }

  /// Adds a member and returns the archive with it.
  package func adding(
    _ path: String,
    _ bytes: [UInt8] = [],
    type: Character = "0",
    link: String = "",
    declaring byteCount: UInt64? = nil
  ) -> TestTar {
    var copy = self
    copy.members.append(
      Member(path: path, bytes: bytes, type: type, link: link, declaredByteCount: byteCount)
    )
    return copy
  }

  /// The archive with the two blocks of zeros at its end.
  package var bytes: [UInt8] {
    members.flatMap(\.block) + [UInt8](repeating: 0, count: 1024)
  }

  /// The archive, compressed without saving anything.
  package var gzipped: [UInt8] { TestGzip.stored(bytes) }
}

extension TestTar.Member {
  /// Header, content and padding.
  package var block: [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at offset: Int) {
      for (index, byte) in text.utf8.enumerated() { header[offset + index] = byte }
    }
    put(String(path.prefix(100)), at: 0)
    put("0000644", at: 100)
    put(Self.octal(declaredByteCount ?? UInt64(bytes.count), 11), at: 124)
    put("        ", at: 148)
    put(String(type), at: 156)
    put(link, at: 157)
    put("ustar\u{0}00", at: 257)
    put(Self.octal(header.reduce(0) { $0 + UInt64($1) }, 6) + "\u{0} ", at: 148)
    return header + bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
  }

  private static func octal(_ value: UInt64, _ width: Int) -> String {
    let digits = String(value, radix: 8)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
