import Exchange
import FormatRules
import Repository

/// The body of a PUT, read to its end: the document, and its attachments on their way into the
/// store.
struct NpmBody {
  /// What is attached to a publish document.
  struct Archive {
    let name: String
    let upload: AssetUpload
    var reader = NpmArchive()
    var byteCount: UInt64 = 0
  }

  private(set) var archive: Archive?
  /// A Sigstore bundle, and the name it came by.
  private(set) var provenance: (name: String, bytes: [UInt8])?

  private var current = Target.none

  private enum Target {
    case none, archive, provenance
  }

  /// Reads the request's body.
  ///
  /// - Throws: `validation` for what is no such document, `tooLarge`, and what the store throws.
  ///   The archive is then given up.
  static func read(
    _ request: Request,
    into desk: UploadDesk
  ) async throws(RepositoryError) -> (document: JSONMembers, body: NpmBody) {
    var body = NpmBody()
    do {
      var reader = NpmUploadReader()
      while let chunk = try await request.body.next() {
        for event in try reader.feed(chunk) { try await body.take(event, desk) }
      }
      return (try JSONMembers(of: try reader.finish()), body)
    } catch {
      await body.cancel()
      throw Self.meaning(of: error)
    }
  }

  /// Gives the archive up.
  func cancel() async {
    await archive?.upload.cancel()
  }

  private static func meaning(of error: any Error) -> RepositoryError {
    switch error {
    case let error as RepositoryError: error
    case let error as MalformedInput: .npm(error)
    case is BodyTooLong:
      RepositoryError(.tooLarge, "The upload is larger than the server takes.", cause: error)
    default:
      RepositoryError(
        .validation,
        "The upload broke off before its end; send it again.",
        cause: error
      )
    }
  }

  private mutating func take(_ event: NpmUploadReader.Event, _ desk: UploadDesk) async throws {
    switch event {
    case .beginAttachment(let name): try await begin(name, desk)
    case .content(let bytes): try await append(bytes)
    case .endAttachment: current = .none
    }
  }

  private mutating func begin(_ name: String, _ desk: UploadDesk) async throws {
    if name.hasSuffix(".tgz"), archive == nil {
      archive = Archive(name: name, upload: try await desk.makeUpload())
      current = .archive
    } else if name.hasSuffix(".sigstore"), provenance == nil {
      provenance = (name, [])
      current = .provenance
    } else {
      throw MalformedInput(
        "publish document",
        "it has the attachment \(name); one .tgz is expected, and one .sigstore at most"
      )
    }
  }

  private mutating func append(_ bytes: [UInt8]) async throws {
    switch current {
    case .none: break
    case .archive:
      try archive?.reader.feed(bytes)
      archive?.byteCount += UInt64(bytes.count)
      try await archive?.upload.write(bytes)
    case .provenance:
      guard bytes.count + (provenance?.bytes.count ?? 0) <= NpmAttestations.longestBundle else {
        throw MalformedInput("provenance", "it is longer than it may be")
      }
      provenance?.bytes += bytes
    }
  }
}
