import Access
import Testing

@Suite("Resource names")
struct ARNTests {
  private let owner = "123456789012"
  private let region = "us-east-1"

  @Test func `each kind of resource has its form`() {
    let start = "arn:aws:codeartifact:us-east-1:123456789012:"
    #expect(
      ARN.domain("corp", owner: owner, region: region).description == start + "domain/corp"
    )
    #expect(
      ARN.repository("r", domain: "corp", owner: owner, region: region).description
        == start + "repository/corp/r"
    )
    #expect(package(namespace: nil).description == start + "package/corp/r/npm//react")
    #expect(package(namespace: "babel").description == start + "package/corp/r/npm/babel/react")
  }

  private func package(namespace: String?) -> ARN {
    .package(
      "react",
      namespace: namespace,
      format: "npm",
      repository: "r",
      domain: "corp",
      owner: owner,
      region: region
    )
  }

  @Test(arguments: [
    ("/*", "/%2a"), ("/npm/a$", "/npm/a%24"), ("/npm/a~", "/npm/a~"), ("/npm/%", "/npm/%25"),
  ])
  func `only three characters of a group's pattern are escaped`(pattern: String, path: String) {
    let name = ARN.packageGroup(pattern: pattern, domain: "corp", owner: owner, region: region)
    #expect(name.resource == "package-group/corp" + path)
  }

  @Test(arguments: [
    "arn:aws:codeartifact:us-east-1:123456789012:domain/corp", "arn:aws:iam::1:user/a:b",
  ])
  func `a name survives the trip through text`(text: String) {
    #expect(ARN(text)?.description == text)
  }

  @Test(arguments: [
    "", "arn", "arn:aws:iam::1", "arn:aws:iam::1:", "urn:aws:iam::1:user", "arn::::::",
  ])
  func `what is no name is none`(text: String) {
    #expect(ARN(text) == nil)
  }
}
