import ArchiveSamples

/// Makes small package archives: tar in gzip, without compression.
struct NpmTarball {
  var files: [(path: String, bytes: [UInt8])]

  /// A package with a manifest and one module.
  init(_ manifest: String, folder: String = "package", module: String = "exports.value = 1\n") {
    files = [
      ("\(folder)/package.json", Array(manifest.utf8)), ("\(folder)/index.js", Array(module.utf8)),
    ]
  }

  var tar: [UInt8] { files.reduce(TestTar()) { $0.adding($1.path, $1.bytes) }.bytes }

  var bytes: [UInt8] { TestGzip.stored(tar) }
}
