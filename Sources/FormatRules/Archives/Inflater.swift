/// Undoes DEFLATE compression (RFC 1951), fed in pieces, giving out in pieces.
///
/// Written here rather than taken from a C library because it reads bytes from strangers: every
/// index is checked, a broken stream is an error, and neither end of it can make memory grow: a
/// call makes at most what it is asked for, and 258 bytes. Costs a table look-up a symbol.
///
/// A symbol that the end of the input cuts is read again from its start once more has come; that
/// keeps the decoder a plain loop.
struct Inflater {
  private enum State {
    case blockStart
    case stored(remaining: Int)
    case compressed(literals: HuffmanCode, distances: HuffmanCode)
    case finished
  }

  /// How far back a copy may reach.
  private static let windowByteCount = 32 << 10

  private var reader = BitReader()
  private var state = State.blockStart
  private var isLastBlock = false
  /// The window, and after it what is not given out yet.
  private var output: [UInt8] = []
  private var deliveredCount = 0

  /// Whether the stream's end was reached and all of it was given out.
  var isFinished: Bool {
    if case .finished = state { deliveredCount == output.count } else { false }
  }

  mutating func feed(_ bytes: some Collection<UInt8>) {
    reader.append(bytes)
  }

  /// Returns about `count` bytes more at most; empty when the input so far holds no more.
  mutating func produce(upTo count: Int) throws(MalformedInput) -> [UInt8] {
    while output.count - deliveredCount < count {
      guard try advance(room: count - (output.count - deliveredCount)) else { break }
    }
    let chunk = Array(output[deliveredCount...])
    deliveredCount = output.count
    if output.count > 4 * Self.windowByteCount {
      output.removeFirst(output.count - Self.windowByteCount)
      deliveredCount = Self.windowByteCount
    }
    return chunk
  }

  /// After the end: how many of the bytes that were fed do not belong to the stream.
  ///
  /// They are the last ones that were fed.
  var unreadByteCount: Int { reader.unreadByteCount }

  private static func failure(_ reason: String) -> MalformedInput {
    MalformedInput("deflated data", reason)
  }

  /// Does some work; false when nothing can be done without more input, or at all.
  private mutating func advance(room: Int) throws(MalformedInput) -> Bool {
    switch state {
    case .finished: return false
    case .blockStart:
      let mark = reader.mark
      guard try beginBlock() else {
        reader.rewind(to: mark)
        return false
      }
      return true
    case .stored(let remaining): return copyStored(remaining, room: room)
    case .compressed(let literals, let distances):
      return try decode(literals, distances, room: room)
    }
  }

  private mutating func endBlock() {
    state = isLastBlock ? .finished : .blockStart
  }

  private mutating func copyStored(_ remaining: Int, room: Int) -> Bool {
    guard remaining > 0 else {
      endBlock()
      return true
    }
    let bytes = reader.takeBytes(upTo: min(remaining, room))
    output += bytes
    state = .stored(remaining: remaining - bytes.count)
    return !bytes.isEmpty
  }

  /// Decodes symbols until `room` bytes are made, the block ends, or the input does.
  private mutating func decode(
    _ literals: HuffmanCode,
    _ distances: HuffmanCode,
    room: Int
  ) throws(MalformedInput) -> Bool {
    let goal = output.count + room
    var progressed = false
    while output.count < goal {
      let mark = reader.mark
      guard let symbol = try symbol(of: literals) else { return progressed }
      if symbol < 256 {
        output.append(UInt8(truncatingIfNeeded: symbol))
      } else if symbol == 256 {
        endBlock()
        return true
      } else if try !copyMatch(lengthSymbol: symbol - 257, distances) {
        reader.rewind(to: mark)
        return progressed
      }
      progressed = true
    }
    return progressed
  }

  /// The next symbol; nil, and nothing is taken, when its code is not all there.
  @inline(__always)
  private mutating func symbol(of code: HuffmanCode) throws(MalformedInput) -> Int? {
    let available = reader.refill()
    let entry = code.entry(for: reader.upcoming)
    let length = Int(entry & 15)
    guard entry != 0, length <= available else {
      if available >= HuffmanCode.longest { throw Self.failure("a code that means nothing") }
      return nil
    }
    reader.skip(length)
    return Int(entry >> 4)
  }

  /// Copies a match; false when its description is not all there.
  private mutating func copyMatch(
    lengthSymbol: Int,
    _ distances: HuffmanCode
  ) throws(MalformedInput) -> Bool {
    guard lengthSymbol < DeflateTables.lengthBases.count else {
      throw Self.failure("a length that means nothing")
    }
    guard let extraLength = reader.take(DeflateTables.lengthExtraBits[lengthSymbol]),
      let distanceSymbol = try symbol(of: distances)
    else { return false }
    guard distanceSymbol < DeflateTables.distanceBases.count else {
      throw Self.failure("a distance that means nothing")
    }
    guard let extraDistance = reader.take(DeflateTables.distanceExtraBits[distanceSymbol]) else {
      return false
    }
    let distance = DeflateTables.distanceBases[distanceSymbol] + extraDistance
    guard distance <= output.count else {
      throw Self.failure("a distance that reaches before the beginning")
    }
    let start = output.count - distance
    for offset in 0..<(DeflateTables.lengthBases[lengthSymbol] + extraLength) {
      output.append(output[start + offset])
    }
    return true
  }
}

extension Inflater {
  /// Reads a block's header; false when it is not all there.
  private mutating func beginBlock() throws(MalformedInput) -> Bool {
    guard let last = reader.take(1), let kind = reader.take(2) else { return false }
    isLastBlock = last == 1
    switch kind {
    case 0: return try beginStored()
    case 1:
      state = .compressed(
        literals: DeflateTables.fixedLiterals,
        distances: DeflateTables.fixedDistances
      )
      return true
    case 2: return try beginDynamic()
    default: throw Self.failure("a block of an unknown kind")
    }
  }

  private mutating func beginStored() throws(MalformedInput) -> Bool {
    reader.alignToByte()
    guard let length = reader.take(16), let complement = reader.take(16) else { return false }
    guard length == ~complement & 0xFFFF else {
      throw Self.failure("a stored block whose length is damaged")
    }
    state = .stored(remaining: length)
    return true
  }

  /// Section 3.2.7: the code lengths are themselves coded.
  private mutating func beginDynamic() throws(MalformedInput) -> Bool {
    guard let literalCount = reader.take(5).map({ $0 + 257 }),
      let distanceCount = reader.take(5).map({ $0 + 1 }),
      let codeCount = reader.take(4).map({ $0 + 4 })
    else { return false }
    var codeLengths = [UInt8](repeating: 0, count: 19)
    for index in 0..<codeCount {
      guard let length = reader.take(3) else { return false }
      codeLengths[DeflateTables.codeLengthOrder[index]] = UInt8(length)
    }
    guard let code = HuffmanCode(lengths: codeLengths) else {
      throw Self.failure("code lengths that fit no code")
    }
    guard let lengths = try self.lengths(literalCount + distanceCount, code) else { return false }
    guard literalCount <= 286, distanceCount <= 30, lengths[256] != 0,
      let literals = HuffmanCode(lengths: lengths[..<literalCount]),
      let distances = HuffmanCode(lengths: lengths[literalCount...])
    else { throw Self.failure("code lengths that fit no code") }
    state = .compressed(literals: literals, distances: distances)
    return true
  }

  private mutating func lengths(
    _ count: Int,
    _ code: HuffmanCode
  ) throws(MalformedInput) -> [UInt8]? {
    var lengths: [UInt8] = []
    while lengths.count < count {
      guard let symbol = try symbol(of: code) else { return nil }
      guard symbol >= 16 else {
        lengths.append(UInt8(symbol))
        continue
      }
      guard let run = try run(symbol, after: lengths.last) else { return nil }
      lengths += [UInt8](repeating: run.length, count: run.count)
    }
    guard lengths.count == count else { throw Self.failure("a run of lengths that is too long") }
    return lengths
  }

  private mutating func run(
    _ symbol: Int,
    after last: UInt8?
  ) throws(MalformedInput) -> (length: UInt8, count: Int)? {
    switch symbol {
    case 16:
      guard let last else { throw Self.failure("a repetition of nothing") }
      return reader.take(2).map { (last, $0 + 3) }
    case 17: return reader.take(3).map { (0, $0 + 3) }
    default: return reader.take(7).map { (0, $0 + 11) }
    }
  }
}
