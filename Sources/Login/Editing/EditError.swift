/// A file is written in a way that cannot be edited without risk; it stays as it is.
package struct EditError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What stands in the way, and what to do, for people.
  package let description: String

  init(_ description: String) {
    self.description = description
  }
}
