/// A network address, or a range of them in CIDR form (RFC 4632, RFC 4291).
struct AddressRange: Hashable, Sendable {
  private let address: NetworkAddress
  /// How many of the leading bits must agree.
  private let prefixLength: Int

  /// Reads `203.0.113.7`, `203.0.113.0/24`, `2001:db8::/32`; nil for anything else.
  init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = NetworkAddress(parts[0]) else { return nil }
    self.address = address
    guard parts.count == 2 else {
      prefixLength = address.bitCount
      return
    }
    guard parts[1].utf8.count <= 3,
      parts[1].utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
      let length = Int(parts[1]), length <= address.bitCount
    else { return nil }
    prefixLength = length
  }

  /// Whether the address that `text` spells is one of the range.
  func contains(_ text: String) -> Bool {
    guard let other = NetworkAddress(text[...]), other.bitCount == address.bitCount else {
      return false
    }
    guard prefixLength > 0 else { return true }
    let shift = address.bitCount - prefixLength
    return other.bits >> UInt128(shift) == address.bits >> UInt128(shift)
  }
}

/// An IPv4 or an IPv6 address; one of the first that is written as one of the second is the first.
private struct NetworkAddress: Hashable, Sendable {
  let bits: UInt128
  /// 32 or 128.
  let bitCount: Int

  init?(_ text: Substring) {
    if let bits = Self.version4(text) {
      (self.bits, bitCount) = (UInt128(bits), 32)
    } else if let bits = Self.version6(text) {
      let isMapped = bits >> 32 == 0xFFFF
      (self.bits, bitCount) = isMapped ? (bits & 0xFFFF_FFFF, 32) : (bits, 128)
    } else {
      return nil
    }
  }

  private static func version4(_ text: Substring) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var bits: UInt32 = 0
    for part in parts {
      guard part.utf8.count <= 3,
        part.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
        let byte = UInt8(part)
      else { return nil }
      bits = bits << 8 | UInt32(byte)
    }
    return bits
  }

  private static func version6(_ text: Substring) -> UInt128? {
    // A zone, such as `%eth0`, is not part of the address.
    let text = text.prefix { $0 != "%" }
    guard let gap = gap(in: text) else {
      guard let groups = groups(text), groups.count == 8 else { return nil }
      return join(groups)
    }
    guard let head = groups(text[..<gap.lowerBound]), let tail = groups(text[gap.upperBound...]),
      head.count + tail.count < 8
    else { return nil }
    let zeroes = Array(repeating: UInt16(0), count: 8 - head.count - tail.count)
    return join(head + zeroes + tail)
  }

  /// Where the first `::` is.
  private static func gap(in text: Substring) -> Range<Substring.Index>? {
    var previous: Substring.Index?
    for index in text.indices {
      if text[index] == ":", let start = previous { return start..<text.index(after: index) }
      previous = text[index] == ":" ? index : nil
    }
    return nil
  }

  /// The groups of sixteen bits between colons; the last may be an IPv4 address, which is two.
  private static func groups(_ text: Substring) -> [UInt16]? {
    guard !text.isEmpty else { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if index == parts.count - 1, let bits = version4(part) {
        groups += [UInt16(bits >> 16), UInt16(bits & 0xFFFF)]
        continue
      }
      guard (1...4).contains(part.utf8.count), part.first != "+", part.first != "-",
        let group = UInt16(part, radix: 16)
      else { return nil }
      groups.append(group)
    }
    return groups
  }

  private static func join(_ groups: [UInt16]) -> UInt128 {
    groups.reduce(0) { $0 << 16 | UInt128($1) }
  }
}
