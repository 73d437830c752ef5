import ArchiveSamples

/// A crate as `cargo publish` sends it.
struct TestCrate {
  var name = "Lab_Leaf"
  var version = "0.1.0"
  /// What the manifest says, where it is not what the request says.
  var manifestName: String?
  /// More members of the archive: path and type of each.
  var extraMembers: [(path: String, type: Character)] = []

  var archive: [UInt8] {
    let folder = "\(name)-\(version)"
    let manifest = "[package]\nname = \"\(manifestName ?? name)\"\nversion = \"\(version)\"\n"
    let tar = TestTar([("\(folder)/Cargo.toml", manifest)])
    return extraMembers.reduce(tar) { $0.adding($1.path, type: $1.type) }.gzipped
  }

  var body: [UInt8] {
    let json =
      #"{"name":"\#(name)","vers":"\#(version)","deps":[],"features":{},"description":"D"}"#
    return Self.framed(Array(json.utf8)) + Self.framed(archive)
  }

  private static func framed(_ bytes: [UInt8]) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: bytes.count >> ($0 * 8)) } + bytes
  }
}
