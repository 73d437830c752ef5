import Exchange
import FormatRules
import Repository

/// A request's parameters, read by their names in the model and held against its limits.
///
/// Each read returns a value, valid or not, and notes what is wrong with it; ``finish()`` throws
/// when anything was. So a caller learns of all its mistakes at once, as AWS tells them.
struct OperationInput: Sendable {
  private let query: [String: String]
  private let body: JSONValue
  private var violations: [String] = []
  private var violationCount = 0
  /// A refusal says this much, however many mistakes fit into a request, and however long they are.
  private static let (violationsTold, scalarsShown) = (50, 256)

  /// Takes a request's query and body apart; an empty body is an empty object.
  ///
  /// - Throws: ``Fault`` with the reason `CANNOT_PARSE`.
  init(target: Target, body: [UInt8]) throws(Fault) {
    guard let pairs = target.query else {
      throw .validation("The query string is not percent-encoded UTF-8.", reason: .cannotParse)
    }
    self.query = Dictionary(pairs.map { ($0.name, $0.value) }) { first, _ in first }
    self.body = try Self.parse(body)
  }

  private static func parse(_ bytes: [UInt8]) throws(Fault) -> JSONValue {
    guard !bytes.isEmpty else { return .object([]) }
    do throws(MalformedInput) {
      let value = try JSONReader.read(bytes)
      if value.members != nil { return value }
    } catch {
      throw .validation(
        "The request's body is not JSON: \(error.reason).",
        reason: .cannotParse
      )
    }
    throw .validation("The request's body is not a JSON object.", reason: .cannotParse)
  }

  /// Throws when any value read so far broke a limit of the model.
  func finish() throws(Fault) {
    guard violationCount > 0 else { return }
    let plural = violationCount == 1 ? "error" : "errors"
    let untold = violationCount - violations.count
    throw .validation(
      "\(violationCount) validation \(plural) detected: "
        + violations.joined(separator: "; ") + (untold > 0 ? "; and \(untold) more" : ""),
      reason: .fieldValidationFailed
    )
  }

  /// The body's object, for calls that read it member by member.
  var wholeBody: JSONValue { body }

  /// The query's parameters as they came.
  var parameters: [String: String] { query }

  /// Whether the query has a parameter of this name.
  func names(_ parameter: String) -> Bool { query[parameter] != nil }

  /// Notes that `member` has a value that will not do.
  mutating func note(_ member: String, value: String?, _ constraint: String) {
    violationCount += 1
    guard violations.count < Self.violationsTold else { return }
    let shown = value.map { "'\(Self.shown($0))'" } ?? "null"
    violations.append("Value \(shown) at '\(member)' failed to satisfy constraint: \(constraint)")
  }
}

extension OperationInput {
  /// The beginning of a value that is too long to be told.
  private static func shown(_ value: String) -> String {
    let scalars = value.unicodeScalars
    guard scalars.count > scalarsShown else { return value }
    return String(scalars.prefix(scalarsShown)) + "…"
  }

  /// A required parameter of the query.
  mutating func required(_ name: String, member: String, _ shape: StringShape) -> String {
    guard let value = optional(name, member: member, shape) else {
      note(member, value: nil, "Member must not be null")
      return ""
    }
    return value
  }

  /// An optional parameter of the query.
  mutating func optional(_ name: String, member: String, _ shape: StringShape) -> String? {
    guard let value = query[name] else { return nil }
    check(value, member: member, shape)
    return value
  }

  /// A required parameter of the query that is one word of a list; nil when it is noted as missing
  /// or as another word, so that the call fails.
  mutating func required<Word: RawRepresentable<String> & CaseIterable>(
    _ name: String,
    member: String,
    oneOf type: Word.Type
  ) -> Word? {
    if query[name] == nil { note(member, value: nil, "Member must not be null") }
    return optional(name, member: member, oneOf: type)
  }

  /// An optional parameter of the query that is one word of a list.
  mutating func optional<Word: RawRepresentable<String> & CaseIterable>(
    _ name: String,
    member: String,
    oneOf type: Word.Type
  ) -> Word? {
    guard let value = query[name] else { return nil }
    guard let word = Word(rawValue: value) else {
      let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
      note(member, value: value, "Member must satisfy enum value set: [\(words)]")
      return nil
    }
    return word
  }

  /// An optional whole number of the query.
  mutating func optional(_ name: String, member: String, in range: ClosedRange<Int64>) -> Int64? {
    guard let text = query[name] else { return nil }
    guard let value = Int64(text) else {
      note(member, value: text, "Member must be a whole number")
      return nil
    }
    return check(value, member: member, range)
  }

  /// An optional boolean of the query.
  mutating func optionalFlag(_ name: String, member: String) -> Bool? {
    guard let text = query[name] else { return nil }
    guard let value = Bool(text) else {
      note(member, value: text, "Member must be true or false")
      return nil
    }
    return value
  }

  /// An optional string of the body.
  mutating func optional(body member: String, _ shape: StringShape) -> String? {
    switch body[member] {
    case nil, .null: return nil
    case .string(let value):
      check(value, member: member, shape)
      return value
    case let value?:
      noteType(member, value, "a string")
      return nil
    }
  }

  /// An optional whole number of the body.
  mutating func optional(body member: String, in range: ClosedRange<Int64>) -> Int64? {
    switch body[member] {
    case nil, .null: return nil
    case .number(let text):
      guard let value = Int64(text) else {
        note(member, value: text, "Member must be a whole number")
        return nil
      }
      return check(value, member: member, range)
    case let value?:
      noteType(member, value, "a whole number")
      return nil
    }
  }

  /// An optional object of the body: its members in order.
  mutating func members(body member: String) -> [JSONValue.Member]? {
    switch body[member] {
    case nil, .null: return nil
    case let value?:
      if let members = value.members { return members }
      noteType(member, value, "an object")
      return nil
    }
  }

  /// A string inside the body that is one word of a list, which `path` names; nil when it is noted
  /// as missing or as something else.
  mutating func required<Word: RawRepresentable<String> & CaseIterable>(
    _ value: JSONValue?,
    path: String,
    oneOf type: Word.Type
  ) -> Word? {
    switch value {
    case .string(let text)?:
      if let word = Word(rawValue: text) { return word }
      let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
      note(path, value: text, "Member must satisfy enum value set: [\(words)]")
    case nil, .null: note(path, value: nil, "Member must not be null")
    case let value?: noteType(path, value, "a string")
    }
    return nil
  }

  /// A required list of strings of the body.
  mutating func strings(
    body member: String,
    upTo limit: Int,
    _ shape: StringShape
  ) -> [String] {
    switch body[member] {
    case .array(let values)?:
      if values.count > limit {
        note(
          member,
          value: "\(values.count) items",
          "Member must have length less than or equal to \(limit)"
        )
      }
      return values.enumerated().compactMap { index, value in
        let path = "\(member).\(index + 1).member"
        guard case .string(let text) = value else {
          noteType(path, value, "a string")
          return nil
        }
        check(text, member: path, shape)
        return text
      }
    case nil, .null: note(member, value: nil, "Member must not be null")
    case let value?: noteType(member, value, "a list")
    }
    return []
  }

  /// A required string of the body.
  mutating func required(body member: String, _ shape: StringShape) -> String {
    switch body[member] {
    case nil, .null: note(member, value: nil, "Member must not be null")
    default: return optional(body: member, shape) ?? ""
    }
    return ""
  }

  /// An optional list of objects of the body.
  mutating func objects(body member: String, upTo limit: Int? = nil) -> [JSONValue]? {
    switch body[member] {
    case nil, .null: return nil
    case .array(let values):
      if let limit, values.count > limit {
        note(
          member,
          value: "\(values.count) items",
          "Member must have length less than or equal to \(limit)"
        )
      }
      for (index, value) in values.enumerated() where value.members == nil {
        noteType("\(member).\(index + 1).member", value, "an object")
      }
      return values
    case let value?:
      noteType(member, value, "a list")
      return nil
    }
  }

  /// A required string of an object inside the body, which `path` names.
  mutating func required(
    _ member: String,
    of object: JSONValue,
    path: String,
    _ shape: StringShape
  ) -> String {
    switch object[member] {
    case .string(let value)?:
      check(value, member: "\(path).\(member)", shape)
      return value
    case nil, .null: note("\(path).\(member)", value: nil, "Member must not be null")
    case let value?: noteType("\(path).\(member)", value, "a string")
    }
    return ""
  }

  private mutating func check(_ value: String, member: String, _ shape: StringShape) {
    for violation in shape.violations(of: value) { note(member, value: value, violation) }
  }

  private mutating func check(
    _ value: Int64,
    member: String,
    _ range: ClosedRange<Int64>
  ) -> Int64 {
    if value < range.lowerBound {
      note(
        member,
        value: String(value),
        "Member must have value greater than or equal to \(range.lowerBound)"
      )
    }
    if value > range.upperBound {
      note(
        member,
        value: String(value),
        "Member must have value less than or equal to \(range.upperBound)"
      )
    }
    return value
  }

  private mutating func noteType(_ member: String, _ value: JSONValue, _ type: String) {
    var writer = JSONWriter()
    writer.value(value)
    note(member, value: String(decoding: writer.bytes, as: UTF8.self), "Member must be \(type)")
  }
}
