import Catalog
import FormatRules

/// What a call changes in a repository's settings: nil for what it does not name.
struct SettingsChange: Sendable {
  /// A change of something that need not be set.
  enum Change<Value: Sendable>: Sendable {
    case clear
    case set(Value)
  }

  private let freshness: Change<Duration>?
  private let isOffline: Change<Bool>?
  private let coolDown: Change<CoolDownChange>?

  /// Reads the body; what is wrong with it is noted in `input`, a member nobody knows included.
  init(_ input: inout OperationInput) {
    let members = input.members(["freshness", "offline", "coolDown"], of: input.wholeBody, at: "")
    freshness = members["freshness"].map { input.change($0, "freshness", Self.duration) }
    isOffline = members["offline"].map { input.change($0, "offline", Self.flag) }
    coolDown = members["coolDown"].map {
      input.change($0, "coolDown") { value, path, input in CoolDownChange(value, path, &input) }
    }
  }

  func apply(to settings: inout RepositorySettings) {
    freshness?.apply(to: &settings.freshness)
    switch isOffline {
    case nil: break
    case .clear: settings.isOffline = false
    case .set(let value): settings.isOffline = value
    }
    switch coolDown {
    case nil: break
    case .clear: settings.coolDown = nil
    case .set(let change):
      var rule = settings.coolDown ?? CoolDownRule()
      change.apply(to: &rule)
      settings.coolDown = rule == CoolDownRule() ? nil : rule
    }
  }

  /// Reads seconds, with a fraction or without.
  static func duration(
    _ value: JSONValue,
    _ path: String,
    _ input: inout OperationInput
  ) -> Duration {
    guard case .number(let text) = value, let microseconds = microseconds(text) else {
      input.note(
        path,
        value: value.compactText,
        "Member must be a number of seconds, nought or more, with at most six digits of fraction"
      )
      return .zero
    }
    return .microseconds(microseconds)
  }

  private static func microseconds(_ text: String) -> Int64? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let seconds = Int64(parts[0]), 0...(1 << 40) ~= seconds,
      !text.hasPrefix("-")
    else { return nil }
    guard parts.count == 2 else { return seconds * 1_000_000 }
    let digits = parts[1]
    guard digits.utf8.count <= 6, digits.utf8.allSatisfy(\.isDigit) else { return nil }
    let padded = digits + String(repeating: "0", count: 6 - digits.utf8.count)
    return Int64(padded).map { seconds * 1_000_000 + $0 }
  }

  private static func flag(
    _ value: JSONValue,
    _ path: String,
    _ input: inout OperationInput
  ) -> Bool {
    if let flag = value.bool { return flag }
    input.note(path, value: value.compactText, "Member must be true or false")
    return false
  }
}

extension SettingsChange.Change {
  func apply(to value: inout Value?) {
    switch self {
    case .clear: value = nil
    case .set(let new): value = new
    }
  }
}

extension OperationInput {
  /// The members of an object that are in `known`; others, and anything but an object, are noted.
  mutating func members(
    _ known: Set<String>,
    of object: JSONValue,
    at path: String
  ) -> [String: JSONValue] {
    guard let members = object.members else {
      note(path, value: object.compactText, "Member must be an object")
      return [:]
    }
    var found: [String: JSONValue] = [:]
    for member in members {
      let name = path.isEmpty ? member.name : "\(path).\(member.name)"
      if !known.contains(member.name) {
        note(
          name,
          value: member.value.compactText,
          "There is no such member; those that there are: \(known.sorted().joined(separator: ", "))"
        )
      } else if found.updateValue(member.value, forKey: member.name) != nil {
        note(name, value: member.value.compactText, "Member must be given once")
      }
    }
    return found
  }

  /// Reads one member: null clears.
  mutating func change<Value>(
    _ value: JSONValue,
    _ path: String,
    _ read: (JSONValue, String, inout OperationInput) -> Value
  ) -> SettingsChange.Change<Value> {
    value == .null ? .clear : .set(read(value, path, &self))
  }
}

extension JSONValue {
  /// The value's text, for messages.
  var compactText: String { String(decoding: bytes, as: UTF8.self) }
}
