import Exchange
import FormatRules
import HTTPTypes

/// The operations that are served, by their names on the wire.
enum TokenAction: String, CaseIterable, Sendable {
  case assumeRole = "AssumeRole"
  case assumeRoleWithWebIdentity = "AssumeRoleWithWebIdentity"
  case getAccessKeyInfo = "GetAccessKeyInfo"
  case getCallerIdentity = "GetCallerIdentity"
  case getSessionToken = "GetSessionToken"
}

/// What an operation answers: members in order, each a text or members of its own.
struct TokenResult: Hashable, Sendable {
  enum Value: Hashable, Sendable {
    case text(String)
    case members([Member])
  }

  struct Member: Hashable, Sendable {
    let name: String
    let value: Value
  }

  private(set) var members: [Member] = []

  mutating func add(_ name: String, _ text: String) {
    members.append(Member(name: name, value: .text(text)))
  }

  mutating func add(_ name: String, _ texts: KeyValuePairs<String, String>) {
    let members = texts.map { Member(name: $0, value: .text($1)) }
    self.members.append(Member(name: name, value: .members(members)))
  }
}

extension TokenAction {
  static let namespace = "https://sts.amazonaws.com/doc/2011-06-15/"

  func reply(to requestID: String, _ result: TokenResult) -> Reply {
    var writer = XMLWriter()
    writer.element("\(rawValue)Response", attributes: "xmlns=\"\(Self.namespace)\"") { response in
      response.element("\(rawValue)Result") { Self.write(result.members, to: &$0) }
      response.element("ResponseMetadata") { $0.element("RequestId", requestID) }
    }
    return Reply(
      .ok,
      headers: [.contentType: "text/xml", .requestID: requestID],
      body: .bytes(writer.bytes)
    )
  }

  private static func write(_ members: [TokenResult.Member], to writer: inout XMLWriter) {
    for member in members {
      switch member.value {
      case .text(let text): writer.element(member.name, text)
      case .members(let members): writer.element(member.name) { write(members, to: &$0) }
      }
    }
  }
}

extension HTTPField.Name {
  /// The name of the request in our logs.
  static let requestID = HTTPField.Name("x-amzn-RequestId") ?? .date
}
