import FormatRules
import Testing

@Suite("Maven versions")
struct MavenVersionTests {
  /// Each group is one version in several spellings; groups go upwards.
  ///
  /// Checked against Maven
  /// 3.8.7's own `ComparableVersion`.
  private static let ladder: [[String]] = [
    ["1-alpha-1", "1a1", "1.0-alpha-1", "1-ALPHA1"],
    ["1-beta-1", "1b1"],
    ["1-milestone-1", "1m1"],
    ["1-rc-1", "1cr1", "1-CR-1"],
    ["1-SNAPSHOT", "1.0-snapshot", "1.0.0-SNAPSHOT"],
    ["1", "1.0", "1.0.0", "1-ga", "1-final", "1.0-RELEASE", "1.0.0-0"],
    ["1-sp"],
    ["1-abc"],
    ["1-xyz"],
    ["1-1"],
    ["1.0.1"],
    ["1.1"],
    ["1.2"],
    ["1.10"],
    ["2.0.0.RC1"],
    ["2", "2.0"],
    ["20040616"],
    ["123456789012345678901234567890"],
  ]

  @Test func `versions are ordered as Maven orders them`() {
    for (index, group) in Self.ladder.enumerated() {
      for left in group {
        for right in group {
          #expect(MavenVersion(left) == MavenVersion(right), "\(left) \(right)")
        }
        for right in Self.ladder.dropFirst(index + 1).joined() {
          #expect(MavenVersion(left) < MavenVersion(right), "\(left) < \(right)")
          #expect(!(MavenVersion(right) < MavenVersion(left)), "\(right) < \(left)")
        }
      }
    }
  }

  /// Random pairs, each with the sign that Maven 3.8.7's own `ComparableVersion` printed.
  @Test func `what Maven printed of pairs of versions holds`() throws {
    let lines = try Corpus.bytes("maven-versions.txt").text.split(separator: "\n")
    #expect(lines.count > 500)
    for line in lines {
      let parts = line.split(separator: " ")
      let (left, right) = (MavenVersion(parts[0]), MavenVersion(parts[2]))
      let sign = left < right ? "<" : left == right ? "=" : ">"
      #expect(sign == parts[1], "\(line)")
    }
  }

  @Test func `a list is sorted upwards, equal versions by spelling`() {
    let sorted = MavenVersion.sort(["1.10", "1.0", "1", "1.2", "1.2-rc1", "2-SNAPSHOT"])
    #expect(sorted == ["1", "1.0", "1.2-rc1", "1.2", "1.10", "2-SNAPSHOT"])
  }

  @Test func `snapshots are known by their ending, and builds of them by their form`() {
    for text in ["1-SNAPSHOT", "1.0-snapshot", "1.0-20210728.194552-1", "SNAPSHOT"] {
      #expect(MavenVersion.isSnapshot(text), "\(text)")
    }
    for text in ["1", "1.0-20210728-1", "1-SNAPSHOT-2", "1.0-20210728.19455-1", ""] {
      #expect(!MavenVersion.isSnapshot(text), "\(text)")
    }
  }

  @Test func `any text is a version, and the order is total`() {
    var generator = SeededGenerator(seed: 11)
    let alphabet = Array("01239aAbxm.-_+ücrsp")
    let versions = (0..<120).map { _ in
      MavenVersion(
        String(
          (0..<Int.random(in: 0...9, using: &generator)).map { _ in
            alphabet.randomElement(using: &generator) ?? "0"
          }
        )
      )
    }
    for left in versions {
      for right in versions {
        let orders = [left < right, left == right, right < left]
        #expect(orders.filter(\.self).count == 1, "\(left.spelling) \(right.spelling)")
      }
    }
    _ = MavenVersion(String(repeating: "1-", count: 100_000))
    _ = MavenVersion(String(repeating: "a1", count: 100_000))
  }
}

@Suite("Builds of Maven snapshots")
struct SnapshotBuildTests {
  @Test func `a build has a base, a time and a number`() throws {
    let build = try #require(SnapshotBuild("1.0-rc-20210728.194552-12"))
    #expect(build.base == "1.0-rc")
    #expect(build.number == 12)
    #expect(build.snapshot == "1.0-rc-SNAPSHOT")
    #expect(build.updated == "20210728194552")
    #expect(build.version == "1.0-rc-20210728.194552-12")
    let older = try #require(SnapshotBuild("1.0-rc-20210728.194552-9"))
    #expect(older < build)
  }

  @Test(arguments: [
    "1.0", "1.0-SNAPSHOT", "-20210728.194552-1", "1.0-20210728.194552-", "1.0-20210728.194552-01",
    "1.0-20210728.194552-x", "1.0-2021072x.194552-1", "1.0-20210728.194552-99999999999999999999",
  ])
  func `other versions are no builds`(text: String) {
    #expect(SnapshotBuild(text) == nil)
  }

  @Test func `classifier and extension are told apart`() {
    let cases: [(String, String?, String)] = [
      (".jar", nil, "jar"), (".tar.gz", nil, "tar.gz"), ("-sources.jar", "sources", "jar"),
      ("-bin.tar.gz", "bin", "tar.gz"), ("-bin.tar.gz.asc", "bin", "tar.gz.asc"),
      ("-linux-x86_64.so", "linux-x86_64", "so"), ("-jdk1.5.jar", "jdk1.5", "jar"),
      (".pom.asc", nil, "pom.asc"), ("-sources.jar.asc", "sources", "jar.asc"),
      ("-a.sigstore.json", "a", "sigstore.json"),
      ("-x.jar.sigstore.json", "x", "jar.sigstore.json"),
    ]
    for (text, classifier, ending) in cases {
      let suffix = ArtifactSuffix(text)
      #expect(suffix?.classifier == classifier, "\(text)")
      #expect(suffix?.extension == ending, "\(text)")
      #expect(suffix?.text == text)
    }
    for text in ["", ".", "-", "-x", "x.jar", "-.jar", "-x."] {
      #expect(ArtifactSuffix(text) == nil, "\(text)")
    }
  }
}
