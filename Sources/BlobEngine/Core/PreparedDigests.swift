import Bytes

/// Digests of a blob as its record has them: in the clear, or encrypted in a scope.
package struct PreparedDigests: Hashable, Sendable {
  /// Those in the clear.
  package let plain: BlobDigests
  let sealed: SealedDigests?

  /// No digests.
  package init() {
    self.init(BlobDigests())
  }

  package init(_ digests: BlobDigests) {
    plain = digests
    sealed = nil
  }

  init(_ sealed: SealedDigests) {
    plain = BlobDigests()
    self.sealed = sealed
  }

  /// What a record has.
  ///
  /// Of one that is encrypted only what is encrypted too.
  init(_ items: RecordExtension) {
    plain = items.seal == nil ? BlobDigests(items.digests) : BlobDigests()
    sealed = items.seal == nil ? nil : items.sealedDigests
  }

  /// Which digests these are, whether anybody here can read them or not.
  package var kinds: DigestKinds { sealed?.kinds ?? plain.kinds }

  /// Whether a record gains by having these instead of what it has: all of its kinds, and more.
  ///
  /// Encrypted ones cannot be joined to others without the key, so all are replaced together.
  func addTo(_ items: RecordExtension) -> Bool {
    (sealed != nil) == (items.seal != nil)
      && kinds.isStrictSuperset(of: PreparedDigests(items).kinds)
  }

  /// Puts them in the place of what a record has.
  func store(in items: inout RecordExtension) {
    guard !kinds.isEmpty else { return }
    items.digests = plain.values
    items.replaceSealedDigests(with: sealed)
  }
}
