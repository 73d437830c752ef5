import FormatRules
import Testing

@Suite("Names and versions of Swift packages")
struct SwiftNameTests {
  @Test(arguments: [
    ("mona", "LinkedList"), ("a", "b"), ("a-b-c", "A_b-c_d"), ("0", "1"),
    (String(repeating: "s", count: 39), String(repeating: "n", count: 100)),
  ])
  func `identities`(scope: String, name: String) throws {
    let identity = try #require(SwiftPackageIdentity(scope: scope, name: name))
    #expect(identity.text == "\(scope).\(name)")
    #expect(identity.normalizedName == name.lowercased())
  }

  @Test(arguments: [
    ("", "b"), ("a", ""), ("-a", "b"), ("a-", "b"), ("a--b", "b"), ("a_b", "b"), ("a", "_b"),
    ("a", "b_"), ("a", "b__c"), ("a", "b-_c"), ("a", "__proto__"), ("a", "a/b"), ("a", ".."),
    ("a", "b."), ("a", "b.c"), ("а", "b"), ("a", "ｂ"), ("a", "b c"), ("a", "b\n"), ("a", "b+c"),
    (String(repeating: "s", count: 40), "n"), ("s", String(repeating: "n", count: 101)),
    ("s", String(repeating: "n", count: 214)),
  ])
  func `what is no identity`(scope: String, name: String) {
    #expect(SwiftPackageIdentity(scope: scope, name: name) == nil)
  }

  @Test func `precedence is that of Semantic Versioning`() throws {
    let ordered = [
      "0.0.0", "0.0.1-0", "0.0.1", "0.1.0", "1.0.0-0", "1.0.0-2", "1.0.0-10",
      "1.0.0-99999999999999999999999", "1.0.0--", "1.0.0-alpha", "1.0.0-alpha.1",
      "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0",
      "1.0.0+build", "1.0.0+build.2", "1.0.1", "1.2.0", "1.10.0", "9223372036854775807.0.0",
    ]
    let versions = try ordered.map { try #require(SwiftVersion($0), "\($0)") }
    for (index, version) in versions.enumerated() {
      for (other, right) in versions.enumerated() {
        #expect((version < right) == (index < other), "\(version.text) \(right.text)")
        #expect((version == right) == (index == other))
      }
    }
    #expect(versions.map(\.isPrerelease).filter { $0 }.count == 13)
  }

  @Test(arguments: [
    "", "1", "1.0", "1.0.0.0", "v1.0.0", "01.0.0", "1.00.0", "1.0.0-", "1.0.0-01", "1.0.0-a..b",
    "1.0.0+", "1.0.0+a+b", "1.0.0+a..b", "1.0.0-ä", "1.0.0 ", " 1.0.0", "1.0.0/..", "..",
    "1.0.0%2f",
    "-1.0.0", "+1.0.0", "1.0.0\n", "1.0.0-a_b", "latest", "9223372036854775808.0.0", "１.0.0",
    "1.0.0-" + String(repeating: "a", count: 123),
  ])
  func `what is no version`(text: String) {
    #expect(SwiftVersion(text) == nil)
  }

  @Test(arguments: [
    ("https://github.com/mona/LinkedList.git", "github.com/mona/linkedlist"),
    ("git@github.com:mona/LinkedList.git", "github.com/mona/linkedlist"),
    ("ssh://git@GitHub.com/mona/LinkedList/", "github.com/mona/linkedlist"),
    ("http://user:pass@github.com/mona/linkedlist", "github.com/mona/linkedlist"),
    ("github.com:/mona/linkedlist", "github.com/mona/linkedlist"),
    ("https://git.test:8443/a.git", "git.test:8443/a"),
    ("https://github.com/mona/a@b", "github.com/mona/a@b"), ("", ""),
  ])
  func `addresses in version control are compared by what matters`(address: String, form: String) {
    #expect(SwiftRepositoryAddress.normalize(address) == form)
  }
}
