import BlobEngine

/// Small harm done to bytes, as a fuzzer would.
enum Mutation {
  /// Numbers that lie on edges.
  private static let edges: [UInt64] = [
    0, 1, 63, 64, 65, 95, 96, 97, 127, 128, 255, 256, 4095, 4096, 4097, 65535, 65536, 65537,
    0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 1 << 32, 1 << 40, UInt64(Int64.max), 1 << 63,
    UInt64.max - 1, UInt64.max,
  ]

  /// Changes `bytes` in one to four places.
  static func apply(to bytes: inout [UInt8], using generator: inout FormatGenerator) {
    for _ in 0..<(1 + generator.next() % 4) { change(&bytes, &generator) }
  }

  private static func change(_ bytes: inout [UInt8], _ generator: inout FormatGenerator) {
    guard !bytes.isEmpty else {
      bytes = generator.bytes(16)
      return
    }
    // Headers are short and padding is long: half of the changes go to a page's first 256 bytes.
    var position = Int(generator.next() % UInt64(bytes.count))
    if generator.chance(1, in: 2) { position -= position % 4096 - position % 256 }
    switch generator.next() % 8 {
    case 0: bytes[position] ^= 1 << UInt8(generator.next() % 8)
    case 1: bytes[position] = UInt8(truncatingIfNeeded: generator.next())
    case 2, 3, 4: writeEdge(&bytes, position, &generator)
    case 5: copy(&bytes, position, &generator)
    case 6: bytes.removeLast(Int(generator.next() % UInt64(min(bytes.count, 128))))
    default: bytes.append(contentsOf: generator.bytes(Int(generator.next() % 64)))
    }
  }

  private static func writeEdge(
    _ bytes: inout [UInt8],
    _ position: Int,
    _ generator: inout FormatGenerator
  ) {
    var value = edges[Int(generator.next() % UInt64(edges.count))]
    if generator.chance(1, in: 4) { value = generator.anyWidth() }
    let width = [1, 2, 4, 8][Int(generator.next() % 4)]
    let start = position / width * width
    for index in 0..<width where start + index < bytes.count {
      bytes[start + index] = UInt8(truncatingIfNeeded: value >> UInt64(index * 8))
    }
  }

  private static func copy(
    _ bytes: inout [UInt8],
    _ position: Int,
    _ generator: inout FormatGenerator
  ) {
    let source = Int(generator.next() % UInt64(bytes.count))
    let count = min(Int(generator.next() % 96), bytes.count - max(source, position))
    let piece = Array(bytes[source..<(source + count)])
    bytes.replaceSubrange(position..<(position + count), with: piece)
  }
}
