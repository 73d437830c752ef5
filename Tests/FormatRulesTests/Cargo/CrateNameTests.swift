import Testing

@testable import FormatRules

@Suite("Names and versions of crates")
struct CrateNameTests {
  @Test(arguments: ["a", "Lab_Leaf", "serde-json", "x9", "con", "r-efi"])
  func `names are letters, digits, dash and underscore`(text: String) throws {
    #expect(try #require(CrateName(text)).spelling == text)
  }

  @Test(arguments: [
    "", "1a", "-a", "_a", "a.b", "a/b", "a%2fb", "..", "__proto__", "a b", "ä", "а", "a+b", "a.",
    "a\u{0}", String(repeating: "a", count: 65),
  ])
  func `everything else is no name`(text: String) {
    #expect(CrateName(text) == nil)
  }

  @Test func `case, dash and underscore tell no crates apart`() {
    #expect(CrateName("Foo_Bar-baz") == CrateName("foo-bar_BAZ"))
    #expect(CrateName("foo-bar") != CrateName("foobar"))
    #expect(CrateName("a-b_c")?.otherSpellings == ["a-b-c", "a_b-c", "a_b_c"])
    #expect(CrateName("ab")?.otherSpellings == [])
    #expect(CrateName("a-b-c-d-e-f-g")?.otherSpellings.count == 7)
  }

  @Test(arguments: [
    ("A", "1/a"), ("Ab", "2/ab"), ("abc", "3/a/abc"), ("Lab_Leaf", "la/b_/lab_leaf"),
    ("abcd", "ab/cd/abcd"),
  ])
  func `the index files a crate by its first letters`(name: String, path: String) {
    #expect(CrateName(name)?.indexPath == path)
    let segments = path.split(separator: "/").map(String.init)
    #expect(CrateName(indexPath: segments)?.lowercased == name.lowercased())
  }

  @Test(arguments: [["2", "abc"], ["ab", "ce", "abcd"], ["abcd"], ["..", "cd", "abcd"], []])
  func `a path that is not that of its name leads nowhere`(segments: [String]) {
    #expect(CrateName(indexPath: segments) == nil)
  }

  @Test func `versions are in the order of semver`() {
    let order = [
      "1.0.0-0", "1.0.0-1", "1.0.0-10", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta",
      "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.1.0", "1.10.0",
      "18446744073709551615.0.0",
    ].compactMap { CrateVersion($0) }
    #expect(order.count == 14)
    #expect(order.shuffled().sorted().map(\.spelling) == order.map(\.spelling))
  }

  @Test func `build metadata tells no versions apart`() {
    #expect(CrateVersion("1.0.0+a.0-1") == CrateVersion("1.0.0"))
    #expect(CrateVersion("1.0.0-a+b") != CrateVersion("1.0.0+b"))
  }

  @Test(arguments: [
    "", "1", "1.0", "1.0.0.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0+", "1.0.0-a..b", "v1.0.0",
    "1.0.0 ", "1.0.0/..", "1.0.0-ä", "18446744073709551616.0.0", "1.0.-1", "1.-0.0",
  ])
  func `what is not semver is no version`(text: String) {
    #expect(CrateVersion(text) == nil)
  }
}
