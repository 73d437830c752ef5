import ArchiveSamples

/// A gem as `gem push` sends it.
enum TestGem {
  static func bytes(_ name: String, _ version: String, platform: String = "ruby") -> [UInt8] {
    let yaml = """
      --- !ruby/object:Gem::Specification
      name: \(name)
      version: !ruby/object:Gem::Version
        version: '\(version)'
      platform: \(platform)
      """
    return TestTar().adding("metadata.gz", TestGzip.stored(Array(yaml.utf8)))
      .adding("data.tar.gz", TestTar([("lib/a.rb", "1")]).gzipped).bytes
  }
}
