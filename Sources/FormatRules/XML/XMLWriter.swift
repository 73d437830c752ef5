/// Writes an XML document of elements and text, two blanks a level, as Maven's own writer does.
package struct XMLWriter {
  package private(set) var bytes = Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".utf8)
  private var depth = 0

  package init() {}

  /// Writes an element around what `body` writes.
  ///
  /// `attributes` stand in the start tag as they are.
  package mutating func element(
    _ name: String,
    attributes: String = "",
    _ body: (inout XMLWriter) -> Void
  ) {
    indent()
    bytes.append("<\(name)\(attributes.isEmpty ? "" : " ")\(attributes)>\n")
    depth += 1
    body(&self)
    depth -= 1
    indent()
    bytes.append("</\(name)>\n")
  }

  /// Writes an element with text in it; nothing where there is none.
  package mutating func element(_ name: String, _ text: String?) {
    guard let text else { return }
    indent()
    bytes.append("<\(name)>")
    for scalar in text.unicodeScalars { append(scalar) }
    bytes.append("</\(name)>\n")
  }

  private mutating func indent() {
    bytes += repeatElement(UInt8(ascii: " "), count: 2 * depth)
  }

  /// Control characters, which XML 1.0 cannot express at all, become U+FFFD.
  private mutating func append(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "&": bytes.append("&amp;")
    case "<": bytes.append("&lt;")
    case ">": bytes.append("&gt;")
    case "\t", "\n", "\r": bytes.append(UInt8(ascii: scalar))
    case "\u{0}"..<" ", "\u{FFFE}", "\u{FFFF}": bytes.append("\u{FFFD}")
    default: bytes += UTF8.encode(scalar).map(Array.init) ?? []
    }
  }
}
