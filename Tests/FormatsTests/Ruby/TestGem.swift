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
    return TestCrate.member("metadata.gz", TestCrate.gzip(Array(yaml.utf8)))
      + TestCrate.member("data.tar.gz", [1, 2, 3]) + [UInt8](repeating: 0, count: 1024)
  }
}
