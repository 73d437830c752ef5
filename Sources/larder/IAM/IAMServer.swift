import ArgumentParser
import Foundation
import Login

/// Which server a command talks to, and how its answer is printed.
struct IAMServer: ParsableArguments {
  @Option(help: "The data directory of a server on this machine, for its address and key.")
  var data: String?

  @Flag(help: "Print the answer as the server sent it, as JSON.")
  var json = false

  /// Makes a signed call; members without a value are left out.
  func call(_ name: String, _ members: [String: Any?]) async throws -> IAMAnswer {
    let environment = ProcessInfo.processInfo.environment
    let account = try ServiceAccount(data: data, environment: environment)
    let object = members.compactMapValues(\.self)
    let body = [UInt8](try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys]))
    let answer = try await ServiceClient.with(account, environment: environment) {
      (client: ServiceClient) in try await client.identities(name, body)
    }
    return IAMAnswer(answer, isJSON: json)
  }
}

/// The user or role that a command is about.
struct IAMIdentity: ParsableArguments {
  @Option(help: "The user's name.")
  var user: String?

  @Option(help: "The role's name.")
  var role: String?

  @Option(help: "The account it belongs to (default: yours).")
  var account: String?

  func validate() throws {
    guard (user == nil) != (role == nil) else {
      throw ValidationError("Name either a --user or a --role.")
    }
  }

  var members: [String: Any?] { ["user": user, "role": role, "account": account] }
}

/// `NAME=VALUE`, as tags are written.
struct IAMTag: ExpressibleByArgument {
  let name: String
  let value: String

  init?(argument: String) {
    let sides = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard sides.count == 2, !sides[0].isEmpty else { return nil }
    name = String(sides[0])
    value = String(sides[1])
  }

  static func members(_ tags: [IAMTag]) -> [String: String]? {
    tags.isEmpty ? nil : Dictionary(tags.map { ($0.name, $0.value) }) { _, last in last }
  }
}

/// A file's text, for policies and sets of keys.
enum IAMFile {
  static func text(_ path: String) throws -> String {
    do {
      return try String(contentsOfFile: path, encoding: .utf8)
    } catch {
      throw ValidationError("\(path) cannot be read as UTF-8 text.")
    }
  }
}
