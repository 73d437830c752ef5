internal import Catalog

/// A document as it is asked for.
struct ExternalRead: Hashable, Sendable {
  let connection: ExternalConnection
  /// Absolute, without user-info.
  let address: String
  /// The `Accept` header.
  let accept: String

  /// What the shelf knows it by.
  ///
  /// By the whole address, so that nothing of a registry that was configured before is taken for
  /// the present one's.
  var key: ExternalDocumentKey { ExternalDocumentKey(connection: connection, path: address) }
}
