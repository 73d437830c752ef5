/// The media types of the registry protocol: `application/vnd.swift.registry.v1+json`
/// (SE-0292, section 3.5).
package enum SwiftMediaType {
  package enum Verdict: Hashable, Sendable {
    case acceptable
    /// The client speaks another version of the protocol only.
    case unknownVersion(String)
    /// The client wants another form than the resource has.
    case otherForm(String)
  }

  /// Judges an `Accept` header for a resource that comes as `form`: `json`, `swift` or `zip`.
  ///
  /// No header, and any type that is not the registry's own, is fine: the specification lets a
  /// server answer with what it has.
  package static func judge(accept values: [String], form: String) -> Verdict {
    let types = values.flatMap { $0.split(separator: ",") }.map {
      ParameterizedHeader(String($0)).value
    }
    let verdicts = types.map { judge($0, form: form) }
    return verdicts.contains(.acceptable) ? .acceptable : verdicts.first ?? .acceptable
  }

  private static func judge(_ type: String, form: String) -> Verdict {
    let prefix = "application/vnd.swift.registry"
    guard type.hasPrefix(prefix) else { return .acceptable }
    let sides = type.dropFirst(prefix.count).split(
      separator: "+",
      maxSplits: 1,
      omittingEmptySubsequences: false
    )
    if sides[0] != "", sides[0] != ".v1" {
      return .unknownVersion(String(sides[0].dropFirst()))
    }
    if sides.count > 1, sides[1] != form { return .otherForm(String(sides[1])) }
    return .acceptable
  }
}
