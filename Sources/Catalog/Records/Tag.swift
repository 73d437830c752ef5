/// A word that is put on a resource, with its value, for policies and bills.
package struct Tag: Hashable, Sendable {
  package let key: String
  package let value: String

  package init(key: String, value: String) {
    self.key = key
    self.value = value
  }
}

extension Tag {
  /// Whether both are the same byte by byte: to `==`, an accent is part of its letter.
  func isSame(as other: Tag) -> Bool {
    key.utf8.elementsEqual(other.key.utf8) && value.utf8.elementsEqual(other.value.utf8)
  }
}
