import FormatRules
import Testing

@Suite("Python versions")
struct PythonVersionTests {
  /// PEP 440's own examples and those of the `packaging` library's tests, in ascending order.
  static let ascending = [
    "1.0.dev456", "1.0a1", "1.0a2.dev456", "1.0a12.dev456", "1.0a12", "1.0b1.dev456", "1.0b2",
    "1.0b2.post345.dev456", "1.0b2.post345", "1.0b2-346", "1.0c1.dev456", "1.0c1", "1.0rc2",
    "1.0c3", "1.0", "1.0.post456.dev34", "1.0.post456", "1.1.dev1", "1.2+123abc", "1.2+123abc456",
    "1.2+abc", "1.2+abc123", "1.2+abc123def", "1.2+1234.abc", "1.2+123456", "1.2.r32+123456",
    "1.2.rev33+123456", "1!1.0.dev456", "1!1.0a1", "1!1.0a2.dev456", "1!1.0", "1!1.2+abc",
    "1!1.2.rev33+123456", "2!0",
  ]

  @Test func `versions sort as PEP 440 says, every pair of them`() {
    let versions = Self.ascending.map { PythonVersion($0) }
    for (index, left) in versions.enumerated() {
      for (other, right) in versions.enumerated() {
        #expect((left < right) == (index < other), "\(left) and \(right)")
        #expect((left == right) == (index == other), "\(left) and \(right)")
      }
    }
  }

  @Test(arguments: [
    ("1.0", "1.0.0"), ("v1.0", "1.0"), ("1.0alpha1", "1.0a1"), ("1.0-preview_3", "1.0rc3"),
    ("1.0.rev4", "1.0.post4"), ("1.0-4", "1.0.post4"), ("1.0-r", "1.0.post0"), ("1.0a", "1.0a0"),
    ("1.0DEV", "1.0.dev0"), ("0!1.0", "1"), ("1.0+Ubuntu-1_2", "1.0+ubuntu.1.2"),
    ("01.002", "1.2"), (" 1.0\n", "1.0"), ("1.0+001", "1.0+1"),
  ])
  func `different spellings are equal and hash alike`(left: String, right: String) {
    #expect(PythonVersion(left) == PythonVersion(right))
    #expect(Set([PythonVersion(left), PythonVersion(right)]).count == 1)
    #expect(!PythonVersion(left).isLegacy)
  }

  @Test(arguments: [
    ("1.0ALPHA1", "1.0a1"), ("1.0-beta.2", "1.0b2"), ("1.0c3", "1.0rc3"), ("1.0pre4", "1.0rc4"),
    ("1.0preview", "1.0rc0"), ("1.0-5", "1.0.post5"), ("1.0_dev6", "1.0.dev6"),
    ("V2!1.00.0-REV_7.DEV8+Local-9", "2!1.0.0.post7.dev8+local.9"), ("1.0a.", "1.0a0"),
    ("1.0a--1", "1.0a0.post1"),
    ("20230101123456789012345678901234567890", "20230101123456789012345678901234567890"),
  ])
  func `the normal form is PEP 440's`(text: String, normal: String) {
    #expect(PythonVersion(text).normalized == normal)
  }

  @Test(arguments: [
    "", "french toast", "1.0+", "1.0+a+", "1.0++", "1.0+_foo", "1.0+1+1", "1.0!", "!1", "1..0",
    "1.0-", "1.0-a1b2", "2004y", "0.1-SNAPSHOT", "1.x", "1.0.post1.post2", "1.0 1", "١.٠",
  ])
  func `what PEP 440 does not define is a legacy version`(text: String) {
    let version = PythonVersion(text)
    #expect(version.isLegacy)
    #expect(version < PythonVersion("0.dev0"))
    #expect(PythonVersion(standard: text) == nil)
  }

  @Test func `legacy versions have an order of their own`() {
    let versions = ["2004y", "2004x", "0.10-X", "0.9-X"].map { PythonVersion($0) }
    #expect(versions.sorted().map(\.spelling) == ["0.9-X", "0.10-X", "2004x", "2004y"])
  }

  @Test func `numbers of any length compare by value`() {
    #expect(PythonVersion("1.99999999999999999999") < PythonVersion("1.100000000000000000000"))
    #expect(PythonVersion("1.0a18446744073709551616") > PythonVersion("1.0a18446744073709551615"))
  }

  @Test(arguments: [
    ("1.0", false), ("1.0a1", true), ("1.0.dev1", true), ("1.0.post1", false),
    ("1.0.post1.dev2", true), ("x", false),
  ])
  func `pre-releases are known`(text: String, isPrerelease: Bool) {
    #expect(PythonVersion(text).isPrerelease == isPrerelease)
  }

  @Test(arguments: [
    ("1.0", ["1", "1.0", "1.0.0", "1.0.0.0", "1.0.0.0.0", "1.0.0.0.0.0"]),
    ("0.0rc1", ["0rc1", "0.0rc1", "0.0.0rc1", "0.0.0.0rc1", "0.0.0.0.0rc1", "0.0.0.0.0.0rc1"]),
    ("v1.2.3.4.5.0.0+Local", ["1.2.3.4.5+local", "1.2.3.4.5.0+local", "1.2.3.4.5.0.0+local"]),
    ("no version", ["no version"]),
  ])
  func `all usual spellings of the same version are known`(text: String, spellings: [String]) {
    let version = PythonVersion(text)
    #expect(version.normalizedSpellings == spellings)
    #expect(spellings.allSatisfy { PythonVersion($0) == version })
    #expect(spellings.contains(version.normalized))
  }

  @Test func `sorting any bytes neither fails nor contradicts itself`() {
    let seed = UInt64.random(in: 1 ... .max)
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let alphabet = Array("0019.abcrdevpost+-_!v ".utf8)
    let versions = (0..<300).map { _ in
      PythonVersion(
        (0..<Int.random(in: 0...9, using: &generator)).map { _ in
          alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
        }.text
      )
    }
    let sorted = versions.sorted()
    for index in sorted.indices.dropLast() {
      #expect(!(sorted[index + 1] < sorted[index]))
      #expect(PythonVersion(sorted[index].normalized) == sorted[index])
    }
    for (left, right) in zip(versions, versions.shuffled(using: &generator)) {
      let relations = [left < right, left == right, right < left]
      #expect(relations.count { $0 } == 1, "\(left) and \(right)")
    }
  }
}
