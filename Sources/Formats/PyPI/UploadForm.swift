import Exchange
import FormatRules
import HTTPTypes
import Repository

/// An upload's form, read to its end: its small fields, and its file on the way into the store.
struct UploadForm {
  /// The fields that decide something; the rest repeats what is in the file, and is passed over.
  private static let wanted: Set<String> = [
    ":action", "protocol_version", "name", "version", "filetype", "requires_python", "md5_digest",
    "sha256_digest", "blake2_256_digest",
  ]
  /// How long a wanted field may be, in bytes.
  private static let longestField = 64 << 10
  /// How many parts a form may have.
  private static let mostParts = 10_000

  /// The first value of each wanted field.
  private(set) var fields: [String: String] = [:]
  private(set) var file: UploadedFile?

  private var current = Part.none
  private var partCount = 0

  private enum Part {
    case none
    case field(name: String, value: [UInt8])
    case file
    case ignored
  }

  /// Reads the request's body.
  ///
  /// The caller's right to publish is checked as soon as the project is known, which is before the
  /// file with every known client, and in any case before the end.
  ///
  /// - Throws: `validation` for what is no form, `accessDenied`, and what the store throws. The
  ///   file is then given up.
  static func read(
    _ request: Request,
    into desk: UploadDesk,
    for caller: Caller
  ) async throws(RepositoryError) -> UploadForm {
    var form = UploadForm()
    do {
      var parser = try MultipartForm(contentType: request.headers[.contentType] ?? "")
      while let chunk = try await request.body.next() {
        for event in try parser.feed(chunk) { try await form.take(event, desk, caller) }
      }
      try parser.finish()
      return form
    } catch {
      await form.file?.upload.cancel()
      throw RepositoryError(ofUpload: error)
    }
  }

  private mutating func take(
    _ event: MultipartForm.Event,
    _ desk: UploadDesk,
    _ caller: Caller
  ) async throws(RepositoryError) {
    switch event {
    case .part(let part): try await begin(part, desk)
    case .content(let bytes): try await append(bytes)
    case .endOfPart: try await end(caller)
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
    if part.name == "content" {
      try await beginFile(named: part.fileName, desk)
    } else if Self.wanted.contains(part.name), fields[part.name] == nil {
      current = .field(name: part.name, value: [])
    } else {
      current = .ignored
    }
  }

  private mutating func beginFile(
    named name: String?,
    _ desk: UploadDesk
  ) async throws(RepositoryError) {
    guard let name, !name.isEmpty else {
      throw .refusedUpload("The form's field `content` has no file name.")
    }
    guard file == nil else {
      throw .refusedUpload("The form has more than one file in `content`; upload one at a time.")
    }
    file = UploadedFile(name: name, upload: try await desk.makeUpload(alsoBLAKE2b: true))
    current = .file
  }

  private mutating func append(_ bytes: [UInt8]) async throws(RepositoryError) {
    switch current {
    case .none, .ignored: break
    case .file: try await file?.write(bytes)
    case .field(let name, var value):
      guard value.count + bytes.count <= Self.longestField else {
        throw .refusedUpload("The form's field `\(name)` is longer than it may be.")
      }
      // Let go of the old value first, so that it grows in place.
      current = .none
      value += bytes
      current = .field(name: name, value: value)
    }
  }

  private mutating func end(_ caller: Caller) async throws(RepositoryError) {
    if case .field(let name, let value) = current {
      let text = String(decoding: value, as: UTF8.self)
      fields[name] = text
      if name == "name" {
        try await caller.requirePublishing(of: ProjectName.normalize(text), format: "pypi")
      }
    }
    current = .none
  }
}
