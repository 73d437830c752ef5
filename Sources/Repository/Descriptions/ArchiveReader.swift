internal import BlobEngine
internal import Bytes
internal import Catalog
internal import FormatRules

/// Reads one published file for what it says of its version, by the rules of its format.
///
/// Files that have a directory are read at the places that matter; the others pass through in
/// pieces until what is wanted has come.
struct ArchiveReader {
  let asset: AssetRecord
  let blobs: BlobScope

  /// - Throws: ``MalformedInput`` and `EngineError`.
  func facts(of format: PackageFormat) async throws -> VersionDescription {
    switch format {
    case .maven: VersionDescription(project: try await project())
    case .pypi:
      VersionDescription(python: try CoreMetadata(reading: try await coreMetadata()))
    case .cargo: VersionDescription(crate: try await crateManifest())
    case .ruby: VersionDescription(gem: try await gemSpecification().metadata)
    case .generic, .npm, .nuget, .swift: VersionDescription()
    }
  }

  /// - Throws: ``MalformedInput`` and `EngineError`.
  func readme(of format: PackageFormat) async throws -> String? {
    switch format {
    case .npm: try await search(.readme(below: 1)).readme.flatMap(NpmManifest.keptReadme)
    case .pypi: try await facts(of: .pypi).readme
    case .cargo: try await search(CrateArchive.readmeSearch(try await crateManifest())).readme
    case .ruby:
      try await pass(GemReadmeSearch(), isOver: \.isOver) { try $0.feed($1) }.readme
    case .nuget: try await NuGetArchive.readme(of: source)
    case .swift: try await SwiftSourceArchive.readme(of: source)
    case .generic, .maven: nil
    }
  }

  private func project() async throws -> ProjectObjectModel {
    guard asset.byteCount <= Int64(ProjectObjectModel.maximumByteCount) else {
      throw MalformedInput(asset.name, "it is too long for a project file")
    }
    return try ProjectObjectModel(reading: try await bytes(asset.digests.sha256))
  }

  private func crateManifest() async throws -> CrateManifest {
    guard let bytes = try await search(CrateArchive.manifestSearch()).found else {
      throw MalformedInput(asset.name, "it has no Cargo.toml")
    }
    return try CrateManifest(reading: bytes)
  }

  private func gemSpecification() async throws -> GemSpecification {
    let archive = GemArchive(inspectsContents: false)
    return try await pass(archive, isOver: \.hasSpecification) { try $0.feed($1) }.specification()
  }

  /// A distribution's core metadata: what was cut out when it came, or else what is inside.
  private func coreMetadata() async throws -> [UInt8] {
    if let attachment = asset.attachment { return try await bytes(attachment.key) }
    guard let name = DistributionFileName(asset.name) else {
      throw MalformedInput(asset.name, "it is no distribution")
    }
    switch name.kind {
    case .wheel: return try await WheelMetadata.cutOut(of: source, named: name)
    case .egg: return try await EggMetadata.cutOut(of: source)
    case .sourceDistribution(.zip):
      return try await SourceDistributionMetadata.cutOut(ofZip: source)
    case .sourceDistribution(.tarGzip), .sourceDistribution(.gzippedTar):
      return try await pass(SourceDistributionMetadata(), isOver: { $0.found != nil }) {
        try $0.feed($1)
      }.finish()
    case .sourceDistribution(let archive):
      throw MalformedInput(asset.name, "\(archive.rawValue) is not looked into")
    }
  }
}

extension ArchiveReader {
  private func search(_ search: TarballSearch) async throws -> TarballSearch {
    try await pass(search, isOver: \.isOver) { try $0.feed($1) }
  }

  /// Feeds the file to `reader` until it has enough, or all of it.
  private func pass<Reader>(
    _ reader: consuming Reader,
    isOver: (Reader) -> Bool,
    _ feed: (inout Reader, [UInt8]) throws -> Void
  ) async throws -> Reader {
    guard let bytes = try await blobs.makeReader(for: asset.digests.sha256) else {
      throw MalformedInput(asset.name, "its bytes are gone")
    }
    var reader = reader
    while !isOver(reader), let chunk = try await bytes.next() { try feed(&reader, chunk) }
    return reader
  }

  private func bytes(_ key: SHA256Digest) async throws -> [UInt8] {
    guard let bytes = try await blobs.get(key) else {
      throw MalformedInput(asset.name, "its bytes are gone")
    }
    return bytes
  }

  /// The file as archives with a directory are read.
  private var source: ByteSource {
    let (blobs, key) = (blobs, asset.digests.sha256)
    return ByteSource(byteCount: UInt64(asset.byteCount)) { range in
      try await blobs.get(key, range: range) ?? []
    }
  }
}
