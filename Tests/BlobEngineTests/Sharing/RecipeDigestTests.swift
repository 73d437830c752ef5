import Bytes
import Codec
import Testing

@testable import BlobEngine

@Suite("Digests of archives that share members")
struct RecipeDigestTests {
  private let archive = SampleArchive.bytes(24_000, 0)
  private var key: SHA256Digest { SHA256Stream.digest(of: archive.span) }

  private func digests(_ kinds: DigestKinds) -> BlobDigests {
    BlobDigests(
      kinds.algorithms.map { algorithm in
        var stream = algorithm.makeStream()
        stream.update(archive.span)
        return BlobDigest(algorithm: algorithm, bytes: stream.digest())
      }
    )
  }

  private func prepared(_ kinds: DigestKinds, _ store: CoreHarness) throws -> PreparedDigests {
    try store.preparer.digests(digests(kinds), of: key)
  }

  private func put(_ kinds: DigestKinds, in store: CoreHarness) throws {
    let blob = try store.preparer.blob(archive).with(prepared(kinds, store))
    try store.request(.put(blob, .flushed))
  }

  /// The archive is a recipe, reads as it did and has these digests: now, after its chunks were
  /// looked at and its segment was emptied, and after a crash.
  private func expect(_ kinds: DigestKinds, in store: CoreHarness) throws {
    try expectOnce(kinds, in: store)
    try store.request(.compact)
    try expectOnce(kinds, in: store)
    try expectOnce(kinds, in: store.reopened(options: CoreHarness.sharingOptions))
  }

  private func expectOnce(_ kinds: DigestKinds, in store: CoreHarness) throws {
    guard case .description(let info, let found) = try store.request(.stat(key)) else {
      return #expect(Bool(false), "it is there")
    }
    #expect(info.byteCount == UInt64(archive.count))
    #expect(found.plain == digests(kinds))
    #expect(try store.get(key) == archive)
    #expect(store.engine.sharing.recipeCount == 1 && store.engine.sharing.chunkCount == 4)
    #expect(try store.scrub().damaged.isEmpty)
    #expect(store.engine.audit().isEmpty)
  }

  @Test func `a recipe has the digests of the blob whose place it takes`() throws {
    let store = CoreHarness(options: CoreHarness.sharingOptions)
    try put([.md5, .sha512], in: store)
    try store.share(archive)
    try expect([.md5, .sha512], in: store)
  }

  @Test func `digests that come while a blob is being shared are the recipe's`() throws {
    let store = CoreHarness(options: CoreHarness.sharingOptions)
    try put([.md5], in: store)
    let (id, draft) = try #require(try store.beginSharing(archive))
    let rebuilt = try store.rebuilt(id, draft)
    try store.request(.enrich(key, prepared(.all, store)))
    try store.request(.finishSharing(id, rebuilt: rebuilt))
    try expect(.all, in: store)
  }

  @Test func `a recipe is given digests that are made later`() throws {
    let store = CoreHarness(options: CoreHarness.sharingOptions)
    try put([.md5], in: store)
    try store.share(archive)
    try store.request(.enrich(key, prepared(.all, store)))
    try expect(.all, in: store)
  }

  @Test func `a put of what is a recipe adds the digests that it lacks`() throws {
    let store = CoreHarness(options: CoreHarness.sharingOptions)
    try put([], in: store)
    try store.share(archive)
    try put(.all, in: store)
    try expect(.all, in: store)
  }

  @Test func `a recipe that is given digests while chunks are being looked for keeps its chunks`()
    throws
  {
    let store = CoreHarness(options: CoreHarness.sharingOptions)
    try put([], in: store)
    try store.share(archive)
    let late = try prepared(.all, store)
    let requests = [store.ask(.compact), store.ask(.enrich(key, late))]
    store.run()
    for request in requests { _ = try #require(store.answer(to: request)).get() }
    try expect(.all, in: store)
  }
}
