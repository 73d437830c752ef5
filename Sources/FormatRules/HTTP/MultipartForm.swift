/// Cuts a `multipart/form-data` body (RFC 7578, RFC 2046 section 5.1) into its parts as it arrives.
///
/// Content is handed out as it comes, so a file of any size passes in constant memory; only a
/// part's headers and the few bytes that could begin a boundary are held back. Lenient where
/// clients differ: lines may end in LF alone, the boundary may be quoted or not, and nothing is
/// asked of the order of parts.
///
/// A delimiter is looked for as a line break followed by `--` and the boundary. The line break
/// that ends a part's headers may be the delimiter's own (an empty part), so it stays in the buffer
/// as the content's *lead* until the search has passed it; before the body stands an imagined one.
package struct MultipartForm: Sendable {
  package enum Event: Hashable, Sendable {
    /// A part begins.
    case part(MultipartPart)
    /// More of the part's content.
    case content([UInt8])
    case endOfPart
  }

  private enum State {
    case preamble
    /// Behind a boundary, where `--` or the rest of its line comes.
    case afterBoundary
    case headers
    case content
    case epilogue
  }

  /// How long the headers of one part may be, in bytes.
  package static let longestHeaders = 16 << 10
  /// A boundary that RFC 2046 allows has up to 70 characters.
  private static let longestBoundary = 70

  private var state = State.preamble
  private var buffer: [UInt8] = [0x0A]
  /// Whether the buffer begins with the lead.
  private var hasLead = true
  /// `--` and the boundary.
  private let delimiter: [UInt8]

  /// Whether the closing boundary has come.
  package var isFinished: Bool {
    if case .epilogue = state { true } else { false }
  }

  /// Reads the boundary from a `Content-Type` such as `multipart/form-data;boundary="x"`.
  ///
  /// - Throws: that the type is another, or that it has no usable boundary.
  package init(contentType: String) throws(MalformedInput) {
    let header = ParameterizedHeader(contentType)
    guard header.value == "multipart/form-data" else {
      throw MalformedInput("form", "its content type is not multipart/form-data")
    }
    guard let boundary = header["boundary"], 1...Self.longestBoundary ~= boundary.utf8.count else {
      throw MalformedInput("form", "its content type has no boundary of 1 to 70 characters")
    }
    delimiter = Array("--\(boundary)".utf8)
  }

  /// Takes more of the body and returns what it brings, in order.
  ///
  /// - Throws: what is wrong when the headers of a part are too long or name no field.
  package mutating func feed(_ bytes: [UInt8]) throws(MalformedInput) -> [Event] {
    buffer += bytes
    var events: [Event] = []
    var start = 0
    while try advance(&start, &events) {}
    buffer.removeFirst(start)
    return events
  }

  /// Checks that the body ended where a form ends.
  package func finish() throws(MalformedInput) {
    guard isFinished else {
      throw MalformedInput("form", "the body ended before the closing boundary")
    }
  }

  /// Does one thing with the bytes from `start` on and moves it; false when more have to come.
  private mutating func advance(
    _ start: inout Int,
    _ events: inout [Event]
  ) throws(MalformedInput) -> Bool {
    switch state {
    case .preamble, .content: return takeContent(&start, &events)
    case .afterBoundary: return try takeBoundaryLine(&start)
    case .headers: return try takeHeaders(&start, &events)
    case .epilogue:
      start = buffer.count
      return false
    }
  }

  /// Hands content out up to the delimiter, or up to what may be the delimiter's beginning.
  private mutating func takeContent(_ start: inout Int, _ events: inout [Event]) -> Bool {
    let isPart = if case .content = state { true } else { false }
    let contentStart = hasLead ? start + 1 : start
    let (end, next) = search(from: start)
    if isPart, end > contentStart { events.append(.content(Array(buffer[contentStart..<end]))) }
    if end > contentStart {
      start = end
      hasLead = false
    }
    guard let next else { return false }
    if isPart { events.append(.endOfPart) }
    start = next
    state = .afterBoundary
    return true
  }

  /// Looks for the delimiter: where the content before it ends, and where its line goes on.
  ///
  /// Without a delimiter `next` is nil, and the content is sure to reach as far as `end`.
  private func search(from start: Int) -> (end: Int, next: Int?) {
    var position = start
    while let lineBreak = buffer[position...].firstIndex(of: 0x0A) {
      let candidate = buffer[(lineBreak + 1)...].prefix(delimiter.count)
      if delimiter.starts(with: candidate) {
        let hasReturn = lineBreak > start && buffer[lineBreak - 1] == 0x0D
        let isWhole = candidate.count == delimiter.count
        return (hasReturn ? lineBreak - 1 : lineBreak, isWhole ? candidate.endIndex : nil)
      }
      position = lineBreak + 1
    }
    return (buffer.last == 0x0D ? max(start, buffer.count - 1) : buffer.count, nil)
  }

  private mutating func takeBoundaryLine(_ start: inout Int) throws(MalformedInput) -> Bool {
    let rest = buffer[start...]
    guard rest.count >= 2 else { return false }
    if rest.starts(with: "--".utf8) {
      state = .epilogue
      return true
    }
    guard let end = rest.firstIndex(of: 0x0A) else {
      return try needMore(rest)
    }
    guard rest[..<end].trimmed.isEmpty else {
      throw MalformedInput("form", "a boundary is followed by something else")
    }
    start = end + 1
    state = .headers
    return true
  }

  private func needMore(_ rest: ArraySlice<UInt8>) throws(MalformedInput) -> Bool {
    guard rest.count <= Self.longestHeaders else {
      throw MalformedInput("form", "the headers of a part are too long")
    }
    return false
  }

  private mutating func takeHeaders(
    _ start: inout Int,
    _ events: inout [Event]
  ) throws(MalformedInput) -> Bool {
    var lineStart = start
    while let lineEnd = buffer[lineStart...].firstIndex(of: 0x0A) {
      let line = buffer[lineStart..<lineEnd]
      if line.isEmpty || line.elementsEqual([0x0D]) {
        _ = try needMore(buffer[start..<lineEnd])
        events.append(.part(try MultipartPart(headers: buffer[start..<lineStart])))
        start = lineEnd
        hasLead = true
        state = .content
        return true
      }
      lineStart = lineEnd + 1
    }
    return try needMore(buffer[start...])
  }
}
