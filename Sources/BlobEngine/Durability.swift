/// What an acknowledgement of a put promises.
public enum Durability: Hashable, Sendable {
  /// The bytes survive a power cut. Costs a share of one flush.
  case flushed
  /// The bytes are written, and are flushed right after the acknowledgement; a power cut in
  /// between, or a disk that fails that flush, loses them. For bytes that can be fetched again,
  /// such as proxied content. The class is stored with the blob, so that recovery and audits know
  /// it.
  case relaxed
}
