import Foundation

/// What the server answered to a call about identities.
struct IAMAnswer: Sendable {
  /// The JSON as it came.
  private let bytes: [UInt8]
  private let isJSON: Bool

  init(_ bytes: [UInt8], isJSON: Bool) {
    self.bytes = bytes
    self.isJSON = isJSON
  }

  private var text: String { String(decoding: bytes, as: UTF8.self) }

  private var members: [String: Any] {
    (try? JSONSerialization.jsonObject(with: Data(bytes))) as? [String: Any] ?? [:]
  }

  /// Prints `name: value` lines of members, those of an object in `place` if one is named.
  func show(_ names: [String], of place: String? = nil) {
    if isJSON { return Terminal.say(text) }
    let object = place.map { members[$0] as? [String: Any] ?? [:] } ?? members
    for name in names {
      if let value = Self.text(object[name], name) { Terminal.say("\(name): \(value)") }
    }
  }

  /// Prints a list of objects as a table with these members as columns.
  func show(table place: String, _ columns: [String]) {
    if isJSON { return Terminal.say(text) }
    let objects = members[place] as? [[String: Any]] ?? []
    let head = columns.map { $0.uppercased() }
    let rows =
      [head]
      + objects.map { object in
        columns.map { Self.text(object[$0], $0) ?? "-" }
      }
    let widths = columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    for row in rows {
      let cells = zip(row, widths).map { cell, width in
        cell + String(repeating: " ", count: width - cell.count)
      }
      Terminal.say(Self.trimmed(cells.joined(separator: "  ")))
    }
  }

  /// Prints one member as it is, such as a policy.
  func show(raw name: String) {
    Terminal.say(isJSON ? text : members[name] as? String ?? "")
  }

  /// Prints the server's JSON if it was asked for, and a sentence otherwise.
  func confirm(_ sentence: String) {
    isJSON ? Terminal.say(text) : Terminal.note("larder: \(sentence)")
  }

  /// A number of the answer.
  func count(_ name: String) -> Int { members[name] as? Int ?? 0 }

  private static func trimmed(_ line: String) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }

  /// Times are seconds since 1970; people read them in UTC.
  private static func text(_ value: Any?, _ name: String) -> String? {
    switch value {
    case nil: nil
    case let text as String: text.isEmpty ? nil : text
    case let texts as [String]: texts.joined(separator: ",")
    case let number as NSNumber where name.hasSuffix("Time"):
      Date(timeIntervalSince1970: number.doubleValue.rounded(.down)).formatted(.iso8601)
    case let flag as Bool: flag ? "yes" : "no"
    case let number as NSNumber: number.stringValue
    default: nil
    }
  }
}
