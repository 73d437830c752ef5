import FormatRules
import Testing

@Suite("Project names")
struct ProjectNameTests {
  @Test(arguments: [
    "friendly-bard", "Friendly-Bard", "FRIENDLY-BARD", "friendly.bard", "friendly_bard",
    "friendly--bard", "FrIeNdLy-._.-bArD",
  ])
  func `every spelling of PEP 503's example is one project`(spelling: String) throws {
    let name = try #require(ProjectName(spelling))
    #expect(name.normalized == "friendly-bard")
    #expect(name.spelling == spelling)
    #expect(name == ProjectName("friendly-bard"))
    #expect(Set([name, ProjectName("friendly_bard")]).count == 1)
  }

  @Test(arguments: ["", "-a", "a-", ".a", "a_", "a b", "a/b", "ä", "a\n", "a%2Fb"])
  func `what PEP 508 forbids is no name`(text: String) {
    #expect(ProjectName(text) == nil)
  }

  @Test(arguments: ["a", "7", "A1", "zope.interface", "a--b"])
  func `what PEP 508 allows is a name`(text: String) {
    #expect(ProjectName(text) != nil)
  }

  @Test func `file names carry the normal form with underscores`() {
    #expect(ProjectName("Foo.Bar-baz")?.fileNameForm == "foo_bar_baz")
  }

  @Test func `names sort by their normal form`() {
    let names = ["b", "A.c", "a-B"].compactMap { ProjectName($0) }
    #expect(names.sorted().map(\.spelling) == ["a-B", "A.c", "b"])
  }
}
