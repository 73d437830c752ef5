import Foundation
import Testing

/// A server on a free port that dies without notice.
struct ControlServer {
  private static let sign = "larder: listening on "

  let address: String
  private let process = Process()

  init(data: URL, _ options: String...) throws {
    let output = Pipe()
    process.executableURL = LarderProcess.program
    process.arguments = ["serve", "--data", data.path, "--listen", "127.0.0.1:0"] + options
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    var said = ""
    while !said.contains(Self.sign) || !said.hasSuffix("\n") {
      let bytes = output.fileHandleForReading.availableData
      try #require(!bytes.isEmpty, "the server ended after saying: \(said)")
      said += String(decoding: bytes, as: UTF8.self)
    }
    let line = said.split(separator: "\n").first { $0.hasPrefix(Self.sign) }
    address = String(try #require(line).dropFirst(Self.sign.count))
  }

  func kill() {
    _ = Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Makes the domain and the repositories that all clients share.
  func prepare(_ caller: ControlCaller) throws {
    let domain = ControlCall(
      method: "POST",
      path: "/v1/domain",
      query: ["domain": "crash"],
      body: "",
      effect: .createRepository("")
    )
    let calls = [domain, ControlScript.create("dev"), ControlScript.create("live")]
    let client = try ControlClient(calls.map { caller.transfer($0, at: address) })
    #expect(try client.finish() == [200, 200, 200])
  }

  /// What is there of a client's package, and which repositories it made.
  func state(of script: ControlScript, _ caller: ControlCaller) throws -> ControlState {
    var state = ControlState()
    for repository in ["dev", "live"] {
      var query = ControlScript.package(script.worker, in: repository)
      query["max-results"] = "1000"
      let listing = try caller.read("POST", "/v1/package/versions", query, at: address)
      for version in listing["versions"] as? [[String: Any]] ?? [] {
        let name = try #require(version["version"] as? String)
        state.versions[repository]?[name] = version["status"] as? String
      }
    }
    let prefix = "made-\(script.worker)-"
    let query = ["domain": "crash", "max-results": "1000", "repository-prefix": prefix]
    let listing = try caller.read("POST", "/v1/domain/repositories", query, at: address)
    let repositories = listing["repositories"] as? [[String: Any]] ?? []
    state.repositories = Set(repositories.compactMap { $0["name"] as? String })
    return state
  }
}

/// Signs calls as the account's administrator: curl does, told so.
struct ControlCaller {
  /// The SHA-256 of `abc`, which is all that is published.
  private static let contentHash =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

  private let user: String
  private let region: String

  /// Reads what `larder env` prints.
  init(data: URL) throws {
    let said = try LarderProcess.run(["env", "--data", data.path]).output
    var values: [Substring: String] = [:]
    for line in said.split(separator: "\n") {
      guard let name = line.split(separator: " ").last?.split(separator: "=").first else {
        continue
      }
      let value = line.split(separator: "=", maxSplits: 1).last ?? ""
      values[name] = value.trimmingCharacters(in: CharacterSet(charactersIn: "'\""))
    }
    let key = try #require(values["AWS_ACCESS_KEY_ID"])
    let secret = try #require(values["AWS_SECRET_ACCESS_KEY"])
    user = "\(key):\(secret)"
    region = try #require(values["AWS_DEFAULT_REGION"])
  }

  /// A transfer as curl's configuration has it, which reports its status on standard error.
  func transfer(_ call: ControlCall, at address: String) -> String {
    var lines = lines(call.method, call.path, call.query, at: address)
    lines.append(#"output = "/dev/null""#)
    lines.append(#"write-out = "%{stderr}%{http_code}\n""#)
    if call.isUpload {
      let hash = call.contentHash ?? Self.contentHash
      lines.append(#"header = "x-amz-content-sha256: \#(hash)""#)
    }
    if let file = call.bodyFile {
      lines.append(#"data-binary = "@\#(file)""#)
    } else if !call.body.isEmpty {
      lines.append(#"data-raw = "\#(call.body.replacingOccurrences(of: "\"", with: "\\\""))""#)
    }
    return lines.joined(separator: "\n")
  }

  /// Reads a JSON object; an empty one for what is not there.
  func read(
    _ method: String,
    _ path: String,
    _ query: [String: String],
    at address: String
  ) throws -> [String: Any] {
    let bytes = Data(try text(method, path, query, at: address).utf8)
    return try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
  }

  /// Reads a text.
  func text(
    _ method: String,
    _ path: String,
    _ query: [String: String],
    at address: String
  ) throws -> String {
    let process = Process()
    let (input, output) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["curl", "-sS", "-K", "-"]
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    let text = lines(method, path, query, at: address).joined(separator: "\n")
    input.fileHandleForWriting.write(Data(text.utf8))
    try input.fileHandleForWriting.close()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func lines(
    _ method: String,
    _ path: String,
    _ query: [String: String],
    at address: String
  ) -> [String] {
    let parameters = query.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return [
      #"url = "\#(address)\#(path)?\#(parameters.joined(separator: "&"))""#,
      #"request = "\#(method)""#, #"user = "\#(user)""#,
      #"aws-sigv4 = "aws:amz:\#(region):codeartifact""#,
    ]
  }
}

/// One curl that makes its calls one after the other, and says how each was answered: 0 where there
/// was no answer.
struct ControlClient {
  private let process = Process()
  private let errors = Pipe()
  private let scratch: Scratch

  init(_ transfers: [String]) throws {
    scratch = try Scratch()
    let text = transfers.joined(separator: "\nnext\n")
    let configuration = try scratch.file("curl", Array(text.utf8))
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["curl", "-s", "-K", configuration.path]
    process.standardError = errors
    try process.run()
  }

  private let heard = Heard()

  private final class Heard {
    var text = ""
  }

  /// Waits until so many calls were answered.
  func hear(_ count: Int) throws {
    while heard.text.split(separator: "\n").count < count {
      let bytes = errors.fileHandleForReading.availableData
      guard !bytes.isEmpty else { return }
      heard.text += String(decoding: bytes, as: UTF8.self)
    }
  }

  /// Waits for the end, and returns how every call was answered.
  func finish() throws -> [Int] {
    try hear(.max)
    process.waitUntilExit()
    return heard.text.split(separator: "\n").map { Int($0) ?? -1 }
  }
}
