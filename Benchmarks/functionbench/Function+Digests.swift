import Bytes
import Codec

extension Function {
  /// What every byte goes through on its way into the store and out of it.
  static var digests: [Function] {
    [
      Function(name: "sha256 of 16 KiB") {
        let bytes = Sample.noise
        return { Int(truncatingIfNeeded: SHA256Stream.digest(of: bytes.span).words.0) }
      },
      Function(name: "four digests of 16 KiB") {
        let bytes = Sample.noise
        return {
          let sha256 = SHA256Stream.digest(of: bytes.span)
          let kinds: [any DigestStream.Type] = [MD5Stream.self, SHA1Stream.self, SHA512Stream.self]
          return kinds.reduce(Int(truncatingIfNeeded: sha256.words.0)) { sum, kind in
            sum ^ Int(kind.digest(of: bytes.span)[0])
          }
        }
      },
      Function(name: "checksum of 16 KiB") {
        let bytes = Sample.noise
        return { Int(truncatingIfNeeded: Checksum.plain.digest64(bytes.span)) }
      },
      Function(name: "zstd of a 64 KiB document") {
        let input = Sample.document
        return {
          var compressor = ZstandardCompressor()
          return compressor.compress(input.span)?.count ?? 0
        }
      },
      Function(name: "gzip of a 64 KiB document") {
        let input = Sample.document
        return { DeflateCompressor.compress(input.span, as: .gzip).count }
      },
    ]
  }
}
