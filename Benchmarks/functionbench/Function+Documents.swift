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
      Function(name: "read a packument of 200 versions") {
        let bytes = Sample.packument(versionCount: 200)
        return { try listing(of: bytes).versions.count }
      },
      Function(name: "write a packument of 200 versions") {
        let packument = try packument(versionCount: 200)
        return { packument().renderFull().count }
      },
      Function(name: "write a packument of 200 versions, abbreviated") {
        let packument = try packument(versionCount: 200)
        return { packument().renderAbbreviated().count }
      },
      Function(name: "unpack 64 KiB of gzip") {
        let packed = DeflateCompressor.compress(Sample.document.span, as: .gzip)
        return {
          var reader = GzipReader()
          reader.feed(packed)
          var count = 0
          while case let bytes = try reader.produce(upTo: 64 << 10), !bytes.isEmpty {
            count += bytes.count
          }
          return count
        }
      },
    ]
  }

  /// Prepares a packument anew whenever it is called, as each first request for one does.
  private static func packument(versionCount: Int) throws -> () -> NpmPackument {
    let listing = try listing(of: Sample.packument(versionCount: versionCount))
    guard let name = NpmName("kit") else { throw Misuse(arguments: []) }
    return { NpmPackument(listing, of: name, root: "https://larder.test/npm/d/acme/team") }
  }

  private static func listing(of bytes: [UInt8]) throws -> PackageListing {
    guard let name = NpmName("kit"),
      let listing = try PackageListing(npmPackument: bytes, of: name, at: "https://r.test/")
    else { throw Misuse(arguments: []) }
    return listing
  }
}
