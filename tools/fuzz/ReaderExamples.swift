import ArchiveSamples

@testable import FormatRules

/// What each reader begins with: one sound input, from which the fuzzer goes on.
extension ReaderUnderTest {
  var example: [UInt8] {
    switch self {
    case .gzip: TestGzip.stored(Array("abc".utf8)) + TestGzip.stored([])
    case .npm:
      TestTar([("package/package.json", #"{"name":"a"}"#), ("package/README.md", "# A")]).bytes
    case .crate: TestTar([("a-1.0.0/Cargo.toml", Self.manifest), ("a-1.0.0/b.rs", "")]).bytes
    case .gem: Self.gemArchive
    case .sdist:
      TestTar([("a-1/PKG-INFO", "Name: a\n")]).adding("a-1/l", type: "2", link: "x/../y")
        .adding("x", Array("20 path=a-1/long/n\n".utf8), type: "x").adding("n").bytes
    case .search: TestTar([("a/README.md", "# A")]).bytes
    case .wheel: TestZip([("a-1.0.0.dist-info/METADATA", "Name: a\n"), ("a.py", "")]).bytes
    case .nupkg: TestZip([("a.nuspec", Self.nuspecText), ("lib/a.dll", "x")]).bytes
    case .swift: TestZip([("d/Package.swift", "// swift-tools-version:5.9\n")]).bytes
    default: Array(text.utf8)
    }
  }

  private var text: String {
    switch self {
    case .json: #"{"a":[1,-2.5e3,true,null,"\u00e9\ud83d\ude00\n"],"b":{}}"#
    case .members, .packument:
      #"{"name":"a","dist-tags":{"latest":"1.0.0"},"versions":{"1.0.0":{"name":"a","version":"#
        + #""1.0.0","dist":{"tarball":"a.tgz","shasum":"00"}}},"time":{"1.0.0":"2026-01-01"}}"#
    case .npmUpload:
      #"{"_id":"a","name":"a","versions":{"1.0.0":{"name":"a","version":"1.0.0"}},"#
        + #""_attachments":{"a-1.0.0.tgz":{"data":"aGVsbG8=","length":5}}}"#
    case .crateDescription:
      #"{"name":"a","vers":"1.0.0","deps":[{"name":"b","version_req":"^1","features":[],"#
        + #""optional":false,"default_features":true,"kind":"normal"}],"features":{"x":["b/y"]}}"#
    case .crateIndex:
      #"{"name":"a","vers":"1.0.0","deps":[],"cksum":"\#(String(repeating: "0a", count: 32))"}"#
        + "\n"
    case .simpleJSON:
      #"{"meta":{"api-version":"1.1"},"name":"a","files":[{"filename":"a-1.tar.gz","url":"x","#
        + #""hashes":{"sha256":"00"},"requires-python":">=3","yanked":"no"}]}"#
    case .registration: #"{"id":"a","version":"1.0.0","tags":["x"],"dependencyGroups":[]}"#
    case .xml: "<?xml version=\"1.0\"?><a b='c'><!-- d --><e>&lt;&#65;</e><![CDATA[f]]></a>"
    case .pom:
      "<project><artifactId>a</artifactId><version>${v}</version><properties><v>1</v></properties>"
        + "<dependencies><dependency><artifactId>${v}</artifactId></dependency></dependencies>"
        + "</project>"
    case .nuspec: Self.nuspecText
    case .mavenMetadata:
      "<metadata><groupId>g</groupId><versioning><latest>1</latest><versions><version>1</version>"
        + "</versions></versioning></metadata>"
    case .simpleHTML:
      "<!DOCTYPE html><html><body><a href=\"../a-1.tar.gz#sha256=00\" data-yanked>a-1.tar.gz</a>"
    case .yaml: "--- !x\na: &a\n  - 'b\n    c'\n  - [d, {e: \"f\\x41\"}]\ng: *a\nh: |-\n  i\n"
    case .gemSpecification: Self.specification
    case .gemList: "---\n1.0 b:>= 1&< 2|checksum:\(String(repeating: "0a", count: 32)),ruby:> 1\n"
    case .toml: Self.manifest
    case .swiftManifest: ".package(name: \"x\", url: \"https://h/y\", from: \"1.0.0\") /* /* */ */"
    case .coreMetadata: "Metadata-Version: 2.1\nName: a\nVersion: 1.0\nClassifier: x\n\ntext\n"
    case .form:
      "--X\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b\"\r\n\r\nc\r\n--X--\r\n"
    default: "tolower(Id) eq 'a' and not (IsPrerelease or Version eq '1.0')"
    }
  }

  private static let manifest =
    "[package]\nname = \"a\"\nversion = '1.0.0'\n[b.\"c\"]\nd = [{e = 1}, \"\"\"f\"\"\"]\n"

  private static let nuspecText =
    "<package><metadata><id>a</id><version>1.0</version><authors>b</authors><description>c"
    + "</description><dependencies><group><dependency id=\"d\" version=\"[1,2)\"/></group>"
    + "</dependencies></metadata></package>"

  private static let specification =
    "--- !ruby/object:Gem::Specification\nname: a\nversion: !ruby/object:Gem::Version\n"
    + "  version: '1.0'\ndependencies:\n- !ruby/object:Gem::Dependency\n  name: b\n"
    + "  requirement: &1 !ruby/object:Gem::Requirement\n    requirements:\n    - - \">=\"\n"
    + "      - !ruby/object:Gem::Version\n        version: '0'\n  type: :runtime\n"
    + "  version_requirements: *1\nsummary: \"x\\\n  y\"\n"

  private static var gemArchive: [UInt8] {
    let data = TestTar([("lib/a.rb", "1")]).adding("l", type: "2", link: "lib/a.rb").gzipped
    return TestTar().adding("metadata.gz", TestGzip.stored(Array(specification.utf8)))
      .adding("data.tar.gz", data).bytes
  }
}
