/// A promise that was broken, with all that is needed to see it again.
package struct TortureFailure: Error, Sendable {
  /// The campaign that found it.
  package var campaign: String
  package var seed: UInt64
  package var steps: [TortureStep]
  /// How many steps had begun.
  package var stepNumber: Int
  /// How many effects the engine's disk had seen; nil when no crash was needed.
  package var effectNumber: Int?
  package var message: String
}

extension TortureFailure: CustomStringConvertible {
  /// What broke, after which steps, and how to run it again.
  package var description: String {
    let instant = effectNumber.map { ", crash after effect \($0)" } ?? ""
    let lines = steps.prefix(stepNumber).enumerated().map { "  \($0.offset + 1). \($0.element)" }
    return """
      \(campaign): \(message)
      step \(stepNumber) of \(steps.count)\(instant); run again with LARDER_SEED=\(seed)
      \(lines.joined(separator: "\n"))
      """
  }
}
