import FormatRules
import Repository

/// What an unfinished version remembers until it is finished, beside its description.
enum MavenVersionState {
  /// Files whose checksum, as it was uploaded, is not that of their bytes.
  private static let mismatchesName = "mismatchedChecksums"

  static func mismatches(in metadata: JSONValue) -> [String] {
    (metadata[mismatchesName]?.array ?? []).compactMap(\.string)
  }

  /// Notes that a checksum of a file was wrong, or, sent again, is right now.
  static func note(
    _ checksum: String,
    isRight: Bool,
    in metadata: inout JSONValue
  ) {
    var mismatches = mismatches(in: metadata).filter { $0 != checksum }
    if !isRight { mismatches.append(checksum) }
    metadata = metadata.setting(
      mismatchesName,
      mismatches.isEmpty ? nil : .array(mismatches.map { .string($0) })
    )
  }
}

extension JSONValue {
  /// The object with a member set, or without it for nil.
  func setting(_ name: String, _ value: JSONValue?) -> JSONValue {
    let others = (members ?? []).filter { $0.name != name }
    return .object(others + (value.map { [Member(name, $0)] } ?? []))
  }

  /// The object with the members of another that it lacks.
  func adding(_ other: JSONValue) -> JSONValue {
    let names = Set((members ?? []).map(\.name))
    return .object((members ?? []) + (other.members ?? []).filter { !names.contains($0.name) })
  }
}
