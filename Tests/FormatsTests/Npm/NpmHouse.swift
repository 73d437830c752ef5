import Exchange
import FormatRules
import Foundation
import HTTPTypes
import Repository
import Testing

/// A publish document as npm writes it, to be spoilt where a test wants it so.
struct NpmUpload {
  var name: String
  var version: String
  var tag: String? = "latest"
  var manifest: String
  var archive: [UInt8]
  var dist = "{}"
  var readme: String?
  var attachmentsFirst = false
  var length: Int?
  var sigstore: String?

  /// A package whose archive and document agree; `extra` are more members of the manifest, with a
  /// comma in front.
  init(_ name: String, _ version: String, extra: String = "", module: String = "exports.v = 1\n") {
    self.name = name
    self.version = version
    manifest = #"{"name":"\#(name)","version":"\#(version)"\#(extra)}"#
    archive = NpmTarball(manifest, module: module).bytes
  }

  func with(_ change: (inout NpmUpload) -> Void) -> NpmUpload {
    var copy = self
    change(&copy)
    return copy
  }

  var body: [UInt8] {
    let data = Data(archive).base64EncodedString()
    var attached = [
      #""\#(name)-\#(version).tgz":{"content_type":"application/octet-stream","data":"\#(data)","#
        + #""length":\#(length ?? archive.count)}"#
    ]
    if let sigstore {
      let bundle = Data(sigstore.utf8).base64EncodedString()
      attached.append(#""\#(name)-\#(version).sigstore":{"data":"\#(bundle)"}"#)
    }
    let attachments = #""_attachments":{"# + attached.joined(separator: ",") + "}"
    var members = [
      #""_id":"\#(name)","name":"\#(name)""#,
      #""dist-tags":{\#(tag.map { #""\#($0)":"\#(version)""# } ?? "")}"#,
      #""versions":{"\#(version)":\#(manifest.dropLast() + #","dist":\#(dist)}"#)}"#,
    ]
    if let readme { members.append(#""readme":"\#(readme)""#) }
    members.insert(attachments, at: attachmentsFirst ? 0 : members.count)
    return Array(("{" + members.joined(separator: ",") + "}").utf8)
  }
}

extension TestHouse {
  static let npmRoot = "/npm/d/my-domain-123456789012/tools/"

  /// Sends a request to the npm endpoint of the repository, or of another one.
  func npm(
    _ method: HTTPRequest.Method = .get,
    _ path: String,
    _ headers: HTTPFields = [:],
    body: String? = nil,
    repository: String = "tools"
  ) async -> Reply {
    await send(
      method,
      "/npm/d/my-domain-123456789012/\(repository)/\(path)",
      headers,
      body: body.map { RequestBody(Array($0.utf8)) } ?? .empty
    )
  }

  /// Publishes, and gives back what the registry says.
  func publish(
    _ upload: NpmUpload,
    pieces: Int = 1000,
    at path: String? = nil,
    repository: String = "tools"
  ) async -> Reply {
    let place = path ?? upload.name.replacing("/", with: "%2f")
    return await send(
      .put,
      "/npm/d/my-domain-123456789012/\(repository)/\(place)",
      [.contentType: "application/json"],
      body: RequestBody(pieces: upload.body, of: pieces)
    )
  }

  /// Publishes what has to be accepted.
  func accept(_ upload: NpmUpload, repository: String = "tools") async throws {
    let reply = await publish(upload, repository: repository)
    let text = try await text(reply)
    try #require(reply.status == .created, "\(text)")
  }

  func json(_ reply: Reply) async throws -> JSONValue {
    try JSONReader.read(try await bytes(reply))
  }

  /// The packument as npm reads it.
  func packument(_ name: String, repository: String = "tools") async throws -> JSONValue {
    let reply = await npm(.get, name, repository: repository)
    try #require(reply.status == .ok)
    return try await json(reply)
  }
}

extension JSONValue {
  /// Follows members by their names.
  func at(_ names: String...) -> JSONValue? {
    names.reduce(self as JSONValue?) { $0?[$1] }
  }
}
