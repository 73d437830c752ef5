/// Undoes gzip compression (RFC 1952), fed in pieces, giving out in pieces.
///
/// Members that follow one another are one stream, as the RFC says. Each member's checksum and
/// length are compared; a stream that stops early shows in ``isFinished``.
package struct GzipReader: Sendable {
  private enum State {
    case header
    case body
    case trailer
  }

  private static let trailerByteCount = 8

  private var state = State.header
  /// Bytes of a header or trailer that is not all there.
  private var pending: [UInt8] = []
  private var inflater = Inflater()
  private var checksum = CRC32()
  private var memberByteCount: UInt64 = 0
  private var memberCount = 0

  package init() {}

  /// Whether the input so far ends where a member does.
  package var isFinished: Bool {
    if case .header = state { memberCount > 0 && pending.allSatisfy { $0 == 0 } } else { false }
  }

  package mutating func feed(_ bytes: [UInt8]) {
    if case .body = state { inflater.feed(bytes) } else { pending += bytes }
  }

  /// Returns about `count` bytes more at most; empty when the input so far holds no more.
  package mutating func produce(upTo count: Int) throws(MalformedInput) -> [UInt8] {
    while true {
      switch state {
      case .header:
        guard try beginMember() else { return [] }
      case .body:
        let bytes = try inflater.produce(upTo: count)
        checksum.update(bytes)
        memberByteCount += UInt64(bytes.count)
        if inflater.isFinished { endBody() }
        if !bytes.isEmpty { return bytes }
        if case .body = state { return [] }
      case .trailer:
        guard try endMember() else { return [] }
      }
    }
  }

  private static func failure(_ reason: String) -> MalformedInput {
    MalformedInput("gzip data", reason)
  }

  /// Reads a member's header; false when it is not all there.
  ///
  /// Zeros after the last member are padding, which tapes leave behind.
  private mutating func beginMember() throws(MalformedInput) -> Bool {
    if memberCount > 0 {
      pending = Array(pending.drop { $0 == 0 })
    }
    guard let byteCount = try Self.headerByteCount(pending) else { return false }
    inflater = Inflater()
    inflater.feed(pending.dropFirst(byteCount))
    pending = []
    checksum = CRC32()
    memberByteCount = 0
    state = .body
    return true
  }

  private mutating func endBody() {
    pending = inflater.takeUnread()
    state = .trailer
  }

  private mutating func endMember() throws(MalformedInput) -> Bool {
    guard pending.count >= Self.trailerByteCount else { return false }
    let fields = Fields(pending, at: 0)
    guard fields.word(at: 0) == checksum.value,
      fields.word(at: 4) == UInt32(truncatingIfNeeded: memberByteCount)
    else { throw Self.failure("its checksum or length is wrong") }
    pending.removeFirst(Self.trailerByteCount)
    memberCount += 1
    state = .header
    return true
  }

  /// A header's optional fields are bounded: names of more than this are no names.
  private static let longestHeader = 128 << 10

  /// The length of the header at the front of `bytes` (section 2.3); nil when it is not all there.
  private static func headerByteCount(_ bytes: [UInt8]) throws(MalformedInput) -> Int? {
    guard bytes.count >= 10 else {
      guard bytes.starts(with: [0x1F, 0x8B].prefix(bytes.count)) else {
        throw failure("it does not begin as gzip does")
      }
      return nil
    }
    guard bytes.starts(with: [0x1F, 0x8B, 8]), bytes[3] & 0xE0 == 0 else {
      throw failure("it does not begin as gzip does")
    }
    guard let end = optionalFieldsEnd(bytes), end <= bytes.count else {
      guard bytes.count < longestHeader else { throw failure("its header is too long") }
      return nil
    }
    return end
  }

  private static func optionalFieldsEnd(_ bytes: [UInt8]) -> Int? {
    let flags = bytes[3]
    var end = 10
    if flags & 4 != 0 {
      guard bytes.count >= end + 2 else { return nil }
      end += 2 + Int(Fields(bytes, at: end).short(at: 0))
    }
    for flag: UInt8 in [8, 16] where flags & flag != 0 {
      guard end <= bytes.count, let zero = bytes[end...].firstIndex(of: 0) else { return nil }
      end = zero + 1
    }
    return flags & 2 != 0 ? end + 2 : end
  }
}
