import Catalog
import FormatRules

/// What a call changes in a cool-down rule: nil for what it does not name.
///
/// Lists are replaced whole by `exemptions` and `released`, and added to by `exempt` and `release`:
/// breaking the glass must not depend on knowing who broke it before.
struct CoolDownChange: Sendable {
  private var age: SettingsChange.Change<Duration>?
  private var freezeAt: SettingsChange.Change<Timestamp>?
  private var exemptions: [PackagePattern]?
  private var released: [VersionCoordinates]?
  private var exempt: [PackagePattern] = []
  private var release: [VersionCoordinates] = []

  init(_ value: JSONValue, _ path: String, _ input: inout OperationInput) {
    let members = input.members(
      ["age", "freezeAt", "exemptions", "released", "exempt", "release"],
      of: value,
      at: path
    )
    age = members["age"].map { input.change($0, "\(path).age", SettingsChange.duration) }
    freezeAt = members["freezeAt"].map { input.change($0, "\(path).freezeAt", Self.time) }
    exemptions = members["exemptions"].map {
      input.strings($0, "\(path).exemptions", Self.pattern)
    }
    released = members["released"].map { input.strings($0, "\(path).released", Self.version) }
    exempt = members["exempt"].map { input.strings($0, "\(path).exempt", Self.pattern) } ?? []
    release = members["release"].map { input.strings($0, "\(path).release", Self.version) } ?? []
  }

  func apply(to rule: inout CoolDownRule) {
    switch age {
    case nil: break
    case .clear: rule.age = .zero
    case .set(let value): rule.age = value
    }
    freezeAt?.apply(to: &rule.freezeAt)
    if let exemptions { rule.exemptions = exemptions }
    if let released { rule.released = Set(released) }
    for pattern in exempt where !rule.exemptions.contains(pattern) {
      rule.exemptions.append(pattern)
    }
    rule.released.formUnion(release)
  }

  private static func time(
    _ value: JSONValue,
    _ path: String,
    _ input: inout OperationInput
  ) -> Timestamp {
    guard let time = value.string.flatMap({ UploadTime($0) }) else {
      input.note(
        path,
        value: value.compactText,
        "Member must be a time in UTC such as 2026-01-01T00:00:00Z (RFC 3339)"
      )
      return Timestamp(microseconds: 0)
    }
    return Timestamp(microseconds: time.microseconds)
  }

  private static let pattern = StringRule<PackagePattern>(
    says: "Member must be a pattern of packages such as npm/@acme/*, pypi/requests or *",
    read: { PackagePattern($0) }
  )

  private static let version = StringRule<VersionCoordinates>(
    says: "Member must be a version of a package such as npm/left-pad@1.3.0",
    read: { VersionCoordinates(spelling: $0) }
  )
}

/// How one string of a list is read, and what is said of one that cannot be.
struct StringRule<Value: Sendable>: Sendable {
  let says: String
  let read: @Sendable (String) -> Value?
}

extension OperationInput {
  /// Reads a list of strings; what does not fit is noted.
  fileprivate mutating func strings<Value>(
    _ value: JSONValue,
    _ path: String,
    _ rule: StringRule<Value>
  ) -> [Value] {
    guard let items = value.array else {
      note(path, value: value.compactText, "Member must be a list")
      return []
    }
    var values: [Value] = []
    for (index, item) in items.enumerated() {
      if let read = item.string.flatMap(rule.read) {
        values.append(read)
      } else {
        note("\(path).\(index + 1).member", value: item.compactText, rule.says)
      }
    }
    return values
  }
}
