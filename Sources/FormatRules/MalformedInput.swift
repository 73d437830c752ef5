/// Bytes from outside that are not what their format asks for.
///
/// One type for every reader of this target: what differs is the sentence, and callers do the same
/// with each of them, which is to refuse the input and tell its sender why.
package struct MalformedInput: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was being read, such as `JSON` or `the wheel's METADATA`.
  package let subject: String
  /// What is wrong with it, as the end of a sentence.
  package let reason: String

  package init(_ subject: String, _ reason: String) {
    self.subject = subject
    self.reason = reason
  }

  package var description: String { "\(subject): \(reason)" }
}
