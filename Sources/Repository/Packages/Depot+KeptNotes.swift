internal import BlobEngine
internal import Bytes
internal import Catalog
internal import Codec

/// What a format remembers of a repository beside its packages, in the store: notes that can be
/// lost, and then cost clients a download more.
extension Depot {
  /// Returns the note that was kept under a name; nil when there is none.
  package func keptNote(_ name: String, in path: RepositoryPath) async -> [UInt8]? {
    guard let start = try? await content.start(at: path),
      let record = await content.kept.record(name, of: start.repository),
      let scope = try? await content.scopes.scope(of: start.map.id)
    else { return nil }
    return try? await scope.get(record.blob)
  }

  /// Keeps a note under a name, in the place of the one that was there, behind whatever is stored
  /// already; nobody waits for that, and a power cut may take it.
  package func keepNote(_ note: [UInt8], as name: String, in path: RepositoryPath) async {
    guard content.options.documentEdition != nil, content.options.hasRoomForRows(),
      let start = try? await content.start(at: path)
    else { return }
    content.kept.storeLater(byteCount: note.count) { [content] in
      guard let scope = try? await content.scopes.scope(of: start.map.id),
        let info = try? await scope.put(note, durability: .relaxed)
      else { return }
      await content.kept.store(
        KeptDocumentRecord(
          repository: start.repository,
          name: name,
          stamp: SHA256Stream.digest(of: note.span),
          reads: "[]",
          blob: info.key,
          keptAt: content.clock.now()
        )
      )
    }
  }
}
