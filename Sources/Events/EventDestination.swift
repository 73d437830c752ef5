/// Where events go.
package protocol EventDestination: Sendable {
  /// What the destination's cursor is kept under.
  var name: String { get }

  /// Delivers events, those of one package in order, and returns once all have arrived, however
  /// long that takes.
  ///
  /// - Throws: `CancellationError` when the server stops; some events may have arrived, and all of
  ///   them are delivered again later.
  func deliver(_ events: [VersionEvent]) async throws
}
