import Exchange
import FormatRules
import HTTPTypes
import Repository

/// The form of a publication, read to its end: its small parts, and its archive in the store.
struct SwiftPublicationForm {
  private static let longestSignature = 1 << 20
  private static let mostParts = 32

  private(set) var archive: AssetUpload?
  private(set) var archiveSignature: [UInt8]?
  private(set) var metadata: [UInt8] = []
  private(set) var metadataSignature: [UInt8]?

  private var current = Part.none
  private var base64: Base64Content?
  private var text: [UInt8] = []
  private var partCount = 0

  private enum Part {
    case none
    case archive
    case small(name: String, limit: Int)
  }

  /// Reads the request's body.
  ///
  /// - Throws: `validation` for what is no form; the archive is then given up.
  static func read(
    _ request: Request,
    into desk: UploadDesk
  ) async throws(RepositoryError) -> SwiftPublicationForm {
    var form = SwiftPublicationForm()
    do {
      var parser = try MultipartForm(contentType: request.headers[.contentType] ?? "")
      while let chunk = try await request.body.next() {
        for event in try parser.feed(chunk) { try await form.take(event, desk) }
      }
      try parser.finish()
      return form
    } catch {
      await form.archive?.cancel()
      throw RepositoryError(ofUpload: error)
    }
  }

  private mutating func take(_ event: MultipartForm.Event, _ desk: UploadDesk) async throws {
    switch event {
    case .part(let part): try await begin(part, desk)
    case .content(let bytes): try await append(base64?.feed(bytes) ?? bytes)
    case .endOfPart:
      if let last = try base64?.finish() { try await append(last) }
      end()
    }
  }

  private mutating func begin(
    _ part: MultipartPart,
    _ desk: UploadDesk
  ) async throws(RepositoryError) {
    partCount += 1
    guard partCount <= Self.mostParts else {
      throw .refusedUpload("The form has more than \(Self.mostParts) parts.")
    }
    base64 = part.isBase64 ? Base64Content() : nil
    text = []
    switch part.name {
    case "source-archive":
      guard archive == nil else {
        throw .refusedUpload("The form has more than one part `source-archive`.")
      }
      archive = try await desk.makeUpload()
      current = .archive
    case "source-archive-signature", "metadata-signature":
      current = .small(name: part.name, limit: Self.longestSignature)
    case "metadata":
      current = .small(name: part.name, limit: SwiftReleaseMetadata.longest)
    default: current = .none
    }
  }

  private mutating func append(_ bytes: [UInt8]) async throws(RepositoryError) {
    switch current {
    case .none: break
    case .archive: try await archive?.write(bytes)
    case .small(let name, let limit):
      guard text.count + bytes.count <= limit else {
        throw .refusedUpload("The form's part `\(name)` is longer than \(limit) bytes.")
      }
      text += bytes
    }
  }

  private mutating func end() {
    if case .small(let name, _) = current {
      switch name {
      case "metadata": metadata = text
      case "metadata-signature": metadataSignature = text
      default: archiveSignature = text
      }
    }
    current = .none
  }
}
