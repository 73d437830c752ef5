/// An element of an XML document with all that is in it.
///
/// Made for documents that hold data, such as Maven's: where text stands between child elements is
/// not kept, and prefixes of namespaces are dropped.
package struct XMLElement: Hashable, Sendable {
  package struct Attribute: Hashable, Sendable {
    package let name: String
    package let value: String
  }

  /// The local name, without a prefix.
  package let name: String
  package let attributes: [Attribute]
  package internal(set) var children: [XMLElement] = []
  /// The element's own character data, that of its children left out.
  package internal(set) var content: String = ""

  init(name: String, attributes: [Attribute]) {
    self.name = name
    self.attributes = attributes
  }

  /// The first child called `name`.
  package subscript(name: String) -> XMLElement? {
    children.first { $0.name == name }
  }

  /// The children called `name`, in order.
  package func all(_ name: String) -> [XMLElement] {
    children.filter { $0.name == name }
  }

  /// The character data without white space around it; nil when nothing is left.
  package var text: String? {
    let text = Array(content.utf8).trimmed
    return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
  }

  /// The text of the first child called `name`; nil when there is none, or it has none.
  package func text(of name: String) -> String? {
    self[name]?.text
  }
}
