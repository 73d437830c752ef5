import Foundation

/// The files of the folder `Corpus`, made by its `generate.py`.
enum Corpus {
  static func bytes(_ name: String) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus")
    return Array(try Data(contentsOf: folder.appending(path: name)))
  }

  /// The core metadata in every archive that has one.
  static let metadata = """
    Metadata-Version: 2.1
    Name: Demo.Pkg
    Version: 1.0.0
    Summary: A demonstration of umlauts: äöü
    Requires-Python: >=3.8
    Classifier: Programming Language :: Python :: 3
    Classifier: License :: OSI Approved

    The description.

    Second paragraph.

    """
}

extension String {
  var bytes: [UInt8] { Array(utf8) }
}

extension [UInt8] {
  var text: String { String(decoding: self, as: UTF8.self) }

  /// The bytes in pieces of `count`, the last one shorter.
  func pieces(of count: Int) -> [[UInt8]] {
    stride(from: 0, to: self.count, by: count).map {
      Array(self[$0..<Swift.min($0 + count, self.count)])
    }
  }
}

/// A small generator with a seed (xorshift64*), so that a failing run can be repeated.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed == 0 ? 0x9E37_79B9_7F4A_7C15 : seed
  }

  mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 2_685_821_657_736_338_717
  }
}
