import HTTPTypes

extension HTTPFields {
  /// Tells clients how long ago part of a document was last known to be right, where that is longer
  /// than the settings want: `Age` (RFC 9111 section 5.1), and the warning 110 of RFC 7234 section
  /// 5.5.1, which people still read.
  mutating func tell(staleness: Duration?) {
    guard let staleness else { return }
    self[.age] = String(staleness.components.seconds)
    self[.warning] = "110 larder \"Response is Stale\""
  }
}

extension HTTPField.Name {
  static let warning = HTTPField.Name("Warning") ?? .age
}
