import Foundation

/// A repository's settings as the server answered them.
struct RepositoryAnswer: Sendable {
  /// The JSON as it came.
  let text: String
  private let settings: Settings?

  private struct Settings: Decodable {
    var freshness: Double?
    var offline: Bool
    var coolDown: Rule?
  }

  private struct Rule: Decodable {
    var age: Double
    var exemptions: [String]
    var released: [String]
    var freezeAt: String?
  }

  init(_ body: [UInt8]) {
    text = String(decoding: body, as: UTF8.self)
    settings = try? JSONDecoder().decode(Settings.self, from: Data(body))
  }

  /// A line for each setting, for people.
  var lines: [String] {
    guard let settings else { return [text] }
    let rule = settings.coolDown
    let age = rule.flatMap { $0.age > 0 ? $0.age : nil }
    return [
      "freshness: \(settings.freshness.map(DurationSetting.text) ?? "default")",
      "registries: \(settings.offline ? "offline" : "online")",
      "cool-down: \(age.map(DurationSetting.text) ?? "off")",
      "freeze: \(rule?.freezeAt ?? "off")",
    ] + (rule?.exemptions ?? []).map { "exempt: \($0)" }
      + (rule?.released ?? []).map { "released: \($0)" }
  }
}
