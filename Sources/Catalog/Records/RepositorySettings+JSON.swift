internal import Foundation

/// Settings as the column `settings` of `repository` has them: a JSON object that names what was
/// set, durations and times in microseconds.
extension RepositorySettings {
  var json: JSONText {
    var members: [(key: String, value: JSONText)] = []
    if let freshness { members.append(("freshness", .integer(freshness.microseconds))) }
    if isOffline { members.append(("offline", .bool(true))) }
    if let coolDown { members.append(("coolDown", coolDown.json)) }
    return .object(members)
  }

  /// Reads the column; nil when it is anything but what this program writes, a member that it does
  /// not know included.
  init?(json: String) {
    if json == "{}" {
      self.init()
      return
    }
    let read = try? JSONDecoder().decode(SettingsText.self, from: Data(json.utf8))
    guard let settings = read?.settings else { return nil }
    self = settings
  }
}

extension CoolDownRule {
  fileprivate var json: JSONText {
    var members: [(key: String, value: JSONText)] = [
      ("age", .integer(age.microseconds)),
      ("exemptions", .array(exemptions.map { .string($0.text) })),
      ("released", .array(released.map(\.json).sorted { $0.text < $1.text })),
    ]
    if let freezeAt { members.append(("freezeAt", .integer(freezeAt.microseconds))) }
    return .object(members)
  }
}

extension VersionCoordinates {
  fileprivate var json: JSONText {
    .object([
      ("format", .string(package.format.rawValue)),
      ("namespace", .optional(package.namespace)), ("name", .string(package.name)),
      ("version", .string(version)),
    ])
  }
}

extension Duration {
  fileprivate var microseconds: Int64 {
    (Timestamp(microseconds: 0) + self).microseconds
  }
}

/// Decodes the column.
private struct SettingsText: Decodable {
  let settings: RepositorySettings

  init(from decoder: any Decoder) throws {
    let members = try decoder.members(["freshness", "offline", "coolDown"])
    settings = RepositorySettings(
      freshness: try members.duration("freshness"),
      isOffline: try members.decodeIfPresent(Bool.self, forKey: "offline") ?? false,
      coolDown: try members.decodeIfPresent(CoolDownText.self, forKey: "coolDown")?.rule
    )
  }
}

private struct CoolDownText: Decodable {
  let rule: CoolDownRule

  init(from decoder: any Decoder) throws {
    let members = try decoder.members(["age", "exemptions", "released", "freezeAt"])
    let patterns = try members.decode([String].self, forKey: "exemptions").map(PackagePattern.init)
    guard let age = try members.duration("age"), !patterns.contains(nil) else {
      throw members.failure("no cool-down rule")
    }
    rule = CoolDownRule(
      age: age,
      exemptions: patterns.compactMap(\.self),
      released: Set(try members.decode([VersionText].self, forKey: "released").map(\.coordinates)),
      freezeAt: try members.decodeIfPresent(Int64.self, forKey: "freezeAt")
        .map(Timestamp.init(microseconds:))
    )
  }
}

private struct VersionText: Decodable {
  let coordinates: VersionCoordinates

  init(from decoder: any Decoder) throws {
    let members = try decoder.members(["format", "namespace", "name", "version"])
    let word = try members.decode(String.self, forKey: "format")
    guard let format = PackageFormat(rawValue: word) else { throw members.failure("no format") }
    let package = PackageCoordinates(
      format: format,
      namespace: try members.decodeIfPresent(String.self, forKey: "namespace"),
      name: try members.decode(String.self, forKey: "name")
    )
    coordinates = VersionCoordinates(
      package,
      try members.decode(String.self, forKey: "version")
    )
  }
}

/// A member of an object by its name.
private struct Member: CodingKey, ExpressibleByStringLiteral {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init(stringLiteral: String) { self.stringValue = stringLiteral }
  init?(intValue: Int) { nil }
}

extension Decoder {
  /// The members of an object that has no others than those that are known.
  fileprivate func members(_ known: Set<String>) throws -> KeyedDecodingContainer<Member> {
    let members = try container(keyedBy: Member.self)
    let names = Set(members.allKeys.map(\.stringValue))
    guard names.isSubset(of: known) else { throw members.failure("a member nobody knows") }
    return members
  }
}

extension KeyedDecodingContainer<Member> {
  fileprivate func duration(_ name: Member) throws -> Duration? {
    try decodeIfPresent(Int64.self, forKey: name).map { .microseconds($0) }
  }

  fileprivate func failure(_ reason: String) -> DecodingError {
    .dataCorrupted(DecodingError.Context(codingPath: codingPath, debugDescription: reason))
  }
}
