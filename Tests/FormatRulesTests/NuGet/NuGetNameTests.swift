import FormatRules
import Testing

@Suite("Names and versions of NuGet packages")
struct NuGetNameTests {
  @Test(arguments: [
    ("Newtonsoft.Json", "newtonsoft.json"), ("a", "a"), ("_", "_"), ("__proto__", "__proto__"),
    ("A-b.C_d", "a-b.c_d"),
    (String(repeating: "n", count: 100), String(repeating: "n", count: 100)),
  ])
  func `identifiers are found by their lowercase form`(text: String, key: String) throws {
    let identifier = try #require(NuGetIdentifier(text))
    #expect(identifier.text == text)
    #expect(identifier.key == key)
  }

  @Test(arguments: [
    "", ".", "..", "a..b", ".a", "a.", "-a", "a-", "a.-b", "a/b", "a\\b", "a b", "a+b", "a%2fb",
    "ä", "аpple", "ａ", "a\n", "a\u{0}", String(repeating: "n", count: 101),
    String(repeating: "n", count: 214),
  ])
  func `what is no identifier`(text: String) {
    #expect(NuGetIdentifier(text) == nil)
  }

  @Test(arguments: [
    ("1", "1.0.0"), ("1.0", "1.0.0"), ("1.01.1", "1.1.1"), ("1.0.0.0", "1.0.0"),
    ("1.0.0.1", "1.0.0.1"), ("01.02.03.04", "1.2.3.4"), ("1.0.0-Beta", "1.0.0-Beta"),
    ("1.0-rc.1+build.5", "1.0.0-rc.1"), ("1.2.3+META", "1.2.3"), ("1.0.0-01", "1.0.0-01"),
    ("2147483647.0.0", "2147483647.0.0"),
  ])
  func `versions are normalised`(text: String, normalized: String) {
    #expect(NuGetVersion(text)?.text == normalized)
    #expect(NuGetVersion(text)?.key == normalized.lowercased())
  }

  @Test(arguments: [
    "", "v1", "1.0.0.0.0", "1..0", ".1", "1.", "1.0-", "1.0-a..b", "1.0-ä", "1.0+", "1.0+a+b",
    "2147483648", "-1.0", "1.0/..", "..", "1.0 ", "1.0\n", "１.0", "1.*", "latest",
    "1.0-" + String(repeating: "a", count: 125),
  ])
  func `what is no version`(text: String) {
    #expect(NuGetVersion(text) == nil)
  }

  @Test func `versions are ordered by numbers, then by labels without case`() throws {
    let ordered = [
      "0.0.1-a", "0.0.1", "1.0.0-1", "1.0.0-2", "1.0.0-10", "1.0.0-alpha", "1.0.0-Alpha.1",
      "1.0.0-alpha.beta", "1.0.0-BETA", "1.0.0-beta2", "1.0.0-rc", "1.0.0", "1.0.0.1-a", "1.0.0.1",
      "1.0.10", "1.2.0", "1.10.0",
    ]
    let versions = try ordered.map { try #require(NuGetVersion($0), "\($0)") }
    for (index, version) in versions.enumerated() {
      for (other, right) in versions.enumerated() {
        #expect((version < right) == (index < other), "\(version.text) \(right.text)")
        #expect((version == right) == (index == other))
      }
    }
    #expect(NuGetVersion("1.0.0.0-BETA+x") == NuGetVersion("1.0-beta"))
    #expect(NuGetVersion("1.0.0+x")?.needsSemVer2 == true)
    #expect(NuGetVersion("1.0.0-a.b")?.needsSemVer2 == true)
    #expect(NuGetVersion("1.0.0-a")?.needsSemVer2 == false)
  }

  @Test(arguments: [
    ("1.0", "[1.0.0, )", "1.0.0"), ("[1.0]", "[1.0.0, 1.0.0]", "[1.0.0, 1.0.0]"),
    ("(1.0,)", "(1.0.0, )", "(1.0.0, )"), ("[1.0,2.0)", "[1.0.0, 2.0.0)", "[1.0.0, 2.0.0)"),
    (" [ 1.0 , ) ", "[1.0.0, )", "1.0.0"), ("(,2.0]", "(, 2.0.0]", "(, 2.0.0]"), ("", "(, )", ""),
    ("(,)", "(, )", ""), ("1.2.*", "[1.2.0, )", "1.2.0"), ("*", "[0.0.0, )", "0.0.0"),
    ("[1.0-a,2.0-b]", "[1.0.0-a, 2.0.0-b]", "[1.0.0-a, 2.0.0-b]"),
  ])
  func `ranges`(text: String, full: String, short: String) {
    #expect(NuGetVersionRange(text)?.text == full)
    #expect(NuGetVersionRange(text)?.shortText == short)
  }

  @Test(arguments: [
    "x", "[1.0", "1.0]", "[]", "()", "[1,2,3]", "[x,2]", "(1.0;2.0)", "[", "1.0,2.0",
  ])
  func `what is no range`(text: String) {
    #expect(NuGetVersionRange(text) == nil)
  }
}
