internal import Bytes

/// Puts JSON objects together from members and from the text of whole objects, without reading
/// what is copied.
struct Splicer {
  private(set) var writer = JSONWriter()

  /// Begins an object that is going to have about so many bytes: a document of megabytes that grows
  /// is copied, and its memory cleared, again and again.
  init(byteCount: Int = 256) {
    writer.reserveCapacity(byteCount)
    writer.beginObject()
  }

  /// Adds a member.
  mutating func member(_ name: String, _ value: JSONValue) {
    writer.name(name)
    writer.value(value)
  }

  /// Adds a member whose value is text already.
  mutating func member(_ name: String, text: ArraySlice<UInt8>) {
    writer.name(name)
    writer.raw(text)
  }

  /// Adds a member that is an object, its members added by `body`.
  mutating func object(_ name: String, _ body: (inout Splicer) -> Void) {
    writer.name(name)
    writer.beginObject()
    body(&self)
    writer.endObject()
  }

  /// Adds all members of an object, given as its text from brace to brace.
  mutating func splice(_ object: String) { writer.members(of: object.utf8.span) }

  /// Closes the object and returns its text.
  mutating func finish() -> [UInt8] {
    writer.endObject()
    return writer.take()
  }
}
