internal import BlobEngine
internal import Bytes

extension DigestKinds {
  /// What is reported of every asset beside its SHA-256.
  static let ofAssets: DigestKinds = [.md5, .sha1, .sha512]
}

extension AssetDigests {
  /// What the engine made of an asset's bytes on their way in.
  ///
  /// - Precondition: the writer was made for ``DigestKinds/ofAssets``.
  init(_ written: WrittenBlob) {
    let digests = written.digests
    guard let md5 = digests.md5, let sha1 = digests.sha1, let sha512 = digests.sha512 else {
      preconditionFailure("the writer was made for an asset")
    }
    self.init(md5: md5, sha1: sha1, sha256: written.key, sha512: sha512)
  }
}
