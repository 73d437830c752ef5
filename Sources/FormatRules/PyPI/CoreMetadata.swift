/// A distribution's core metadata: the `METADATA` of a wheel, the `PKG-INFO` of a source
/// distribution (PyPA specification "Core metadata").
///
/// The form is that of mail headers (RFC 5322) in UTF-8: `Name: value` lines, lines that begin
/// with white space continue the one before, and after an empty line the description.
package struct CoreMetadata: Hashable, Sendable {
  package struct Field: Hashable, Sendable {
    /// As written; fields are found without regard to case.
    package let name: String
    package let value: String
  }

  package let fields: [Field]
  /// What follows the first empty line; nil when nothing does.
  package let body: String?

  /// Reads metadata.
  ///
  /// Ill-formed UTF-8, which old distributions contain, is repaired.
  ///
  /// - Throws: what is missing when there is no name or no version, or which line is no field.
  package init(reading bytes: [UInt8]) throws(MalformedInput) {
    var reader = Reader(rest: bytes[...])
    try reader.readFields()
    self.fields = reader.fields
    self.body =
      reader.rest.isEmpty ? nil : String(decoding: reader.rest, as: UTF8.self)
    for required in ["Name", "Version"] {
      guard self[required]?.isEmpty == false else {
        throw MalformedInput("core metadata", "there is no \(required) field")
      }
    }
  }

  /// The value of the first field called `name`, in any case.
  package subscript(name: String) -> String? {
    fields.first { Self.isEqual($0.name, name) }?.value
  }

  /// The values of every field called `name`, in order.
  package func all(_ name: String) -> [String] {
    fields.filter { Self.isEqual($0.name, name) }.map(\.value)
  }

  package var name: String { self["Name"] ?? "" }
  package var version: String { self["Version"] ?? "" }
  package var metadataVersion: String? { self["Metadata-Version"] }
  package var summary: String? { self["Summary"] }

  /// The Python versions the distribution asks for; nil when it does not say.
  package var requiresPython: String? {
    self["Requires-Python"].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The description, from its field or from the body, where newer metadata puts it.
  package var description: String? {
    self["Description"] ?? body
  }

  private static func isEqual(_ left: String, _ right: String) -> Bool {
    left.utf8.elementsEqual(right.utf8) { $0.lowercased == $1.lowercased }
  }

  private struct Reader {
    var rest: ArraySlice<UInt8>
    var fields: [Field] = []
    private var name = ""
    private var value: [UInt8] = []

    init(rest: ArraySlice<UInt8>) {
      self.rest = rest.starts(with: [0xEF, 0xBB, 0xBF]) ? rest.dropFirst(3) : rest
    }

    /// Reads up to the empty line, which is consumed.
    mutating func readFields() throws(MalformedInput) {
      defer { finishField() }
      while !rest.isEmpty {
        let line = nextLine()
        guard let first = line.first else { return }
        if first == 0x20 || first == 0x09 {
          try fold(line)
        } else {
          finishField()
          try begin(line)
        }
      }
    }

    private mutating func nextLine() -> ArraySlice<UInt8> {
      var line = rest.prefix { $0 != 0x0A }
      rest = rest.dropFirst(line.count + 1)
      if line.last == 0x0D { line.removeLast() }
      return line
    }

    /// Keeps the line break: in a description it is meant.
    ///
    /// The bar that marks a folded description's margin, as distutils wrote it, goes with the
    /// indent.
    private mutating func fold(_ line: ArraySlice<UInt8>) throws(MalformedInput) {
      guard !name.isEmpty else {
        throw MalformedInput("core metadata", "it begins with a continuation line")
      }
      value.append(0x0A)
      var text = line.drop { $0 == 0x20 || $0 == 0x09 }
      if text.first == UInt8(ascii: "|") { text.removeFirst() }
      value.append(contentsOf: text)
    }

    private mutating func begin(_ line: ArraySlice<UInt8>) throws(MalformedInput) {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else {
        let text = String(decoding: line.prefix(40), as: UTF8.self)
        throw MalformedInput("core metadata", "the line `\(text)` is no field")
      }
      name = String(decoding: line[..<colon].trimmed, as: UTF8.self)
      value = Array(line[(colon + 1)...].trimmed)
    }

    private mutating func finishField() {
      guard !name.isEmpty else { return }
      fields.append(Field(name: name, value: String(decoding: value, as: UTF8.self)))
      name = ""
      value = []
    }
  }
}
