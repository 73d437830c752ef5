import Foundation

/// What `larder repository set` changes, as the server reads it.
struct RepositoryChange {
  var freshness: DurationSetting?
  var isOffline: Bool?
  var coolDown: DurationSetting?
  var exempt: [String] = []
  var release: [String] = []
  /// A time, or `off`.
  var freeze: String?

  var isEmpty: Bool { members.isEmpty }

  /// The body of the call.
  var json: [UInt8] {
    get throws {
      let options: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes]
      return [UInt8](try JSONSerialization.data(withJSONObject: members, options: options))
    }
  }

  private var members: [String: Any] {
    var members: [String: Any] = [:]
    if let freshness { members["freshness"] = Self.seconds(freshness) }
    if let isOffline { members["offline"] = isOffline }
    let rule = rule
    if !rule.isEmpty { members["coolDown"] = rule }
    return members
  }

  private var rule: [String: Any] {
    var rule: [String: Any] = [:]
    if let coolDown { rule["age"] = Self.seconds(coolDown) }
    if let freeze { rule["freezeAt"] = freeze == "off" ? NSNull() : freeze }
    if exempt.contains("none") { rule["exemptions"] = [String]() }
    if release.contains("none") { rule["released"] = [String]() }
    let (exempt, release) = (exempt.filter { $0 != "none" }, release.filter { $0 != "none" })
    if !exempt.isEmpty { rule["exempt"] = exempt }
    if !release.isEmpty { rule["release"] = release }
    return rule
  }

  private static func seconds(_ setting: DurationSetting) -> Any {
    setting.seconds.map { $0 as Any } ?? NSNull()
  }
}
