internal import Bytes

/// Reads the body of a PUT to a package's address, fed in pieces, and takes the attachments out of
/// it on the way.
///
/// Archives come as base 64 inside the document, before or after what describes them, so the
/// document is kept with each attachment's data replaced by an empty string, and the decoded data
/// is given out as it comes. Only enough of the syntax is followed to find the data; what is kept
/// is read strictly afterwards.
package struct NpmUploadReader {
  package enum Event: Hashable, Sendable {
    case beginAttachment(String)
    case content([UInt8])
    case endAttachment(byteCount: UInt64)
  }

  /// How long the document may be without its attachments, in bytes: a deprecation comes with all
  /// versions of its package.
  package static let longestDocument = 64 << 20
  /// How long a document with attachments may be without them: it is of one version, whose
  /// manifest has at most 4 MB, and has a readme besides.
  var longestPublication = 16 << 20
  private static let mostAttachments = 8
  private static let maximumDepth = JSONReader.maximumDepth

  private enum Mode {
    case structure
    case string(isName: Bool)
    case escape(isName: Bool)
    case data
    case dataEscape
  }

  /// The document so far.
  private var document: [UInt8] = []
  private var mode = Mode.structure
  /// For each open container whether it is an object.
  private var containers: [Bool] = []
  /// The name of the member that is open in each container.
  private var names: [String] = []
  private var expectsName = false
  private var nameStart = 0
  private var attachments: Set<String> = []
  private var base64 = Base64Decoder()
  private var byteCount: UInt64 = 0

  package init() {}

  /// Takes more of the body and returns what it brings, in order.
  package mutating func feed(_ bytes: [UInt8]) throws(MalformedInput) -> [Event] {
    var events: [Event] = []
    var rest = bytes[...]
    while let byte = rest.first {
      switch mode {
      case .data: try takeData(from: &rest, events: &events)
      case .dataEscape:
        rest.removeFirst()
        try takeDataEscape(byte, events: &events)
      default:
        rest.removeFirst()
        try keep(byte)
        try follow(byte, events: &events)
      }
    }
    return events
  }

  /// Returns the document without its attachments, at the body's end.
  package consuming func finish() throws(MalformedInput) -> [UInt8] {
    guard case .structure = mode, containers.isEmpty, !document.isEmpty else {
      throw Self.failure("it ended before its end")
    }
    return document
  }

  private static func failure(_ reason: String) -> MalformedInput {
    MalformedInput("package document", reason)
  }

  private mutating func keep(_ byte: UInt8) throws(MalformedInput) {
    guard document.count < longest else { throw tooLong }
    document.append(byte)
  }

  private var longest: Int {
    attachments.isEmpty ? Self.longestDocument : longestPublication
  }

  private var tooLong: MalformedInput {
    Self.failure("it is longer than \(longest) bytes without attachments")
  }

  private mutating func follow(_ byte: UInt8, events: inout [Event]) throws(MalformedInput) {
    switch mode {
    case .structure: try followStructure(byte, events: &events)
    case .string(let isName):
      if byte == UInt8(ascii: "\\") { mode = .escape(isName: isName) }
      if byte == UInt8(ascii: "\"") {
        mode = .structure
        if isName { try endName() }
      }
    case .escape(let isName): mode = .string(isName: isName)
    case .data, .dataEscape: break
    }
  }

  private mutating func followStructure(
    _ byte: UInt8,
    events: inout [Event]
  ) throws(MalformedInput) {
    switch byte {
    case UInt8(ascii: "\""): try beginString(&events)
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard containers.count < Self.maximumDepth else { throw Self.failure("nested too deep") }
      containers.append(byte == UInt8(ascii: "{"))
      names.append("")
      expectsName = byte == UInt8(ascii: "{")
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      guard containers.popLast() == (byte == UInt8(ascii: "}")) else {
        throw Self.failure("a bracket too many")
      }
      names.removeLast()
      expectsName = false
    case UInt8(ascii: ","): expectsName = containers.last ?? false
    case UInt8(ascii: ":"): expectsName = false
    default: break
    }
  }

  private mutating func beginString(_ events: inout [Event]) throws(MalformedInput) {
    if expectsName {
      nameStart = document.count - 1
      mode = .string(isName: true)
    } else if containers == [true, true, true], names[0] == "_attachments", names[2] == "data" {
      try beginAttachment(names[1], &events)
    } else {
      mode = .string(isName: false)
    }
  }

  private mutating func endName() throws(MalformedInput) {
    guard let name = try JSONReader.read(Array(document[nameStart...])).string else {
      throw Self.failure("a member without a name")
    }
    names[names.count - 1] = name
  }

  private mutating func beginAttachment(
    _ name: String,
    _ events: inout [Event]
  ) throws(MalformedInput) {
    guard attachments.insert(name).inserted else {
      throw Self.failure("the attachment \(name) is there twice")
    }
    guard attachments.count <= Self.mostAttachments else {
      throw Self.failure("it has more than \(Self.mostAttachments) attachments")
    }
    guard document.count < longest else { throw tooLong }
    mode = .data
    base64 = Base64Decoder()
    byteCount = 0
    events.append(.beginAttachment(name))
  }

  private mutating func takeData(
    from rest: inout ArraySlice<UInt8>,
    events: inout [Event]
  ) throws(MalformedInput) {
    let end =
      rest.firstIndex { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") } ?? rest.endIndex
    try decode(rest[..<end], &events)
    rest = rest[end...]
    guard let byte = rest.popFirst() else { return }
    if byte == UInt8(ascii: "\\") {
      mode = .dataEscape
    } else {
      try endAttachment(&events)
    }
  }

  private mutating func decode(
    _ digits: ArraySlice<UInt8>,
    _ events: inout [Event]
  ) throws(MalformedInput) {
    guard !digits.isEmpty else { return }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 4 * 3 + 3)
    guard base64.feed(digits, into: &bytes) else {
      throw Self.failure("the data of an attachment is not base 64")
    }
    emit(bytes, &events)
  }

  /// Some writers of JSON escape the slash; others break lines.
  private mutating func takeDataEscape(
    _ byte: UInt8,
    events: inout [Event]
  ) throws(MalformedInput) {
    mode = .data
    switch byte {
    case UInt8(ascii: "/"): try decode([byte], &events)
    case UInt8(ascii: "n"), UInt8(ascii: "r"): break
    default: throw Self.failure("the data of an attachment is not base 64")
    }
  }

  private mutating func endAttachment(_ events: inout [Event]) throws(MalformedInput) {
    var bytes: [UInt8] = []
    guard base64.finish(into: &bytes) else {
      throw Self.failure("the data of an attachment ends amid a group of base 64")
    }
    emit(bytes, &events)
    events.append(.endAttachment(byteCount: byteCount))
    mode = .structure
    try keep(UInt8(ascii: "\""))
  }

  private mutating func emit(_ bytes: [UInt8], _ events: inout [Event]) {
    guard !bytes.isEmpty else { return }
    byteCount += UInt64(bytes.count)
    events.append(.content(bytes))
  }
}
