import FormatRules
import Repository

/// A publish request on its way in: the description is checked before the archive is stored, and
/// the archive is looked through while it is.
struct CrateUploadReader {
  /// A crate whose parts agree.
  struct Crate {
    let description: CrateDescription
    let staged: StagedAsset
  }

  let depot: Depot
  let caller: Caller
  /// The address of the index that is published to.
  let ownIndex: String
  private var frames = CrateUpload()
  private var description: CrateDescription?
  private var archive: CrateArchive?
  private var upload: AssetUpload?

  init(depot: Depot, caller: Caller, ownIndex: String) {
    self.depot = depot
    self.caller = caller
    self.ownIndex = ownIndex
  }

  /// Takes more of the request.
  mutating func take(_ chunk: [UInt8]) async throws {
    for event in try frames.feed(chunk) {
      switch event {
      case .description(let text): try await begin(text)
      case .archive(let bytes): try await write(Array(bytes))
      }
    }
  }

  private mutating func begin(_ text: [UInt8]) async throws {
    let description = try CrateDescription(reading: text, ownIndex: ownIndex)
    try await caller.requirePublishing(of: CrateSpellings.coordinates(description.name))
    archive = CrateArchive(
      name: description.name.spelling,
      version: description.version.spelling
    )
    self.description = description
    upload = try await depot.makeUpload(into: caller.path)
  }

  private mutating func write(_ bytes: [UInt8]) async throws {
    try archive?.feed(bytes)
    try await upload?.write(bytes)
  }

  /// Ends the request; compares the manifest in the archive with the description.
  mutating func finish() async throws -> Crate {
    try frames.finish()
    guard let description, let archive, let upload else {
      throw MalformedInput("the publish request", "it is empty")
    }
    let manifest = try archive.finish()
    guard manifest.name == description.name.spelling,
      manifest.version == description.version.spelling
    else {
      throw MalformedInput(
        "the crate",
        "its Cargo.toml is of \(manifest.name) \(manifest.version), and the request says "
          + "\(description.name.spelling) \(description.version.spelling)"
      )
    }
    return Crate(description: description, staged: try await upload.finish())
  }

  /// Gives the archive up.
  ///
  /// Does nothing after ``finish()``.
  func cancel() async {
    await upload?.cancel()
  }
}
