/// A system call that was refused.
package struct SystemError: Error, Hashable, Sendable {
  /// The call and, where there is one, the path, such as `open slots/000001.seg`.
  package let operation: String
  /// The positive `errno` (errno(3)).
  package let code: Int32

  package init(operation: String, code: Int32) {
    self.operation = operation
    self.code = code
  }

  /// Throws when `answer` is a negative errno; returns it otherwise.
  @discardableResult
  static func check<Answer: SignedInteger>(
    _ answer: Answer,
    _ operation: @autoclosure () -> String
  ) throws(SystemError) -> Answer {
    if answer < 0 { throw SystemError(operation: operation(), code: Int32(-answer)) }
    return answer
  }
}
