import Codec
import FormatRules

extension Function {
  /// Documents of registries, read and written anew.
  static var documents: [Function] {
    [
      Function(name: "read a page of 300 files") {
        let bytes = Sample.page(fileCount: 300)
        return { try SimplePage(json: bytes, at: nil).files.count }
      },
      Function(name: "write a page of 300 files as JSON") {
        let page = try SimplePage(json: Sample.page(fileCount: 300), at: nil)
        return { page.renderJSON().count }
      },
      Function(name: "write a page of 300 files as HTML") {
        let page = try SimplePage(json: Sample.page(fileCount: 300), at: nil)
        return { page.renderHTML().count }
      },
      Function(name: "read JSON of 100 KB") {
        let bytes = Sample.page(fileCount: 400)
        return { try JSONReader.read(bytes).members?.count ?? 0 }
      },
      Function(name: "unpack 64 KiB of gzip") {
        let packed = DeflateCompressor.compress(Sample.document.span, as: .gzip)
        return {
          var reader = GzipReader()
          reader.feed(packed)
          return try reader.produce(upTo: 64 << 10).count
        }
      },
    ]
  }
}
