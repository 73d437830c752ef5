/// A value of a policy's JSON that knows where in the text it stands and how it is reached, so that
/// a fault found later can still be shown.
struct PolicyValue {
  indirect enum Content {
    case object([Member])
    case array([PolicyValue])
    case string(String)
    /// As written.
    case number(String)
    case bool(Bool)
    case null
  }

  struct Member {
    let name: String
    /// Where the name's opening quote is, in bytes.
    let nameOffset: Int
    let value: PolicyValue
  }

  let content: Content
  /// Where the value begins, in bytes.
  let offset: Int
  let path: String

  func fault(_ reason: String) -> LocatedFault {
    LocatedFault(path: path, offset: offset, reason: reason)
  }

  /// A fault of a member's name rather than of its value.
  func fault(at member: Member, _ reason: String) -> LocatedFault {
    LocatedFault(path: path(of: member.name), offset: member.nameOffset, reason: reason)
  }

  /// What the value is, in JSON's words.
  var kind: String {
    switch content {
    case .object: "an object"
    case .array: "an array"
    case .string: "a string"
    case .number: "a number"
    case .bool: "a boolean"
    case .null: "null"
    }
  }

  func path(of name: String) -> String { PolicyValue.path(of: name, in: path) }

  /// The path of a member, with a dot, or in brackets where its name has characters of its own.
  static func path(of name: String, in path: String) -> String {
    let isPlain =
      !name.isEmpty
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
      }
    guard isPlain else { return "\(path)[\"\(name)\"]" }
    return path.isEmpty ? name : "\(path).\(name)"
  }
}

extension PolicyValue {
  /// The text of a string.
  func string() throws(LocatedFault) -> String {
    guard case .string(let text) = content else {
      throw fault("a string is expected here, not \(kind)")
    }
    return text
  }

  /// The members of an object, each name at most once and none but those in `names`.
  func members(named names: Set<String>, of owner: String) throws(LocatedFault) -> [Member] {
    let members = try members(of: owner)
    for member in members where !names.contains(member.name) {
      throw fault(at: member, "\(owner) has no element \"\(member.name)\"")
    }
    return members
  }

  /// The members of an object, each name at most once.
  func members(of owner: String) throws(LocatedFault) -> [Member] {
    guard case .object(let members) = content else {
      throw fault("\(owner) is an object, not \(kind)")
    }
    return members
  }

  /// One value, or the values of a list that is not empty.
  func oneOrMore() throws(LocatedFault) -> [PolicyValue] {
    guard case .array(let values) = content else { return [self] }
    guard !values.isEmpty else { throw fault("the list is empty") }
    return values
  }
}
