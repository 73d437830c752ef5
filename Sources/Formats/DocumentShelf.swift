/// Where the documents of one package are kept over a restart, by the keys under which
/// ``RenderedDocuments`` has them.
struct DocumentShelf: Sendable {
  /// Returns a document that is right now; nil when there is none.
  let load: @Sendable (_ key: String) async -> [UInt8]?
  /// Keeps a document that was just written, at once: what takes time is done later.
  let keep: @Sendable (_ bytes: [UInt8], _ key: String) -> Void
}
