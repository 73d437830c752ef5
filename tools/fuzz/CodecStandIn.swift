// What FormatRules asks of Codec when it writes documents, so that its readers build without
// swift-crypto and libdeflate. No reader looks at a digest or compresses, and no input decides what
// these return.

package import Bytes

package struct MD5Stream: Sendable {
  private var state: UInt64 = 0xCBF2_9CE4_8422_2325

  package init() {}

  /// FNV-1a, which tells texts apart.
  package mutating func update(_ bytes: Span<UInt8>) {
    for index in bytes.indices { state = (state ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
  }

  package func digest() -> [UInt8] {
    (0..<16).map { UInt8(truncatingIfNeeded: state >> (UInt64($0) % 8 * 8)) }
  }

  package static func digest(of bytes: Span<UInt8>) -> [UInt8] {
    var stream = MD5Stream()
    stream.update(bytes)
    return stream.digest()
  }
}

package typealias SHA1Stream = MD5Stream
package typealias SHA512Stream = MD5Stream

package enum SHA256Stream {
  package static func digest(of bytes: Span<UInt8>) -> SHA256Digest {
    var digest = FramedDigest()
    digest.add(MD5Stream.digest(of: bytes))
    return digest.digest()
  }
}

package struct FramedDigest {
  private var stream = MD5Stream()

  package init() {}

  package mutating func add(_ text: String) { add(Array(text.utf8)) }

  mutating func add(_ bytes: [UInt8]) { stream.update(bytes.span) }

  package func digest() -> SHA256Digest {
    let word = stream.digest().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return SHA256Digest(words: (word, word, word, word))
  }
}

package enum DeflateCompressor {
  package enum Frame: Sendable { case zlib, gzip }

  package static func compress(_ input: Span<UInt8>, as frame: Frame) -> [UInt8] {
    MD5Stream.digest(of: input)
  }
}
