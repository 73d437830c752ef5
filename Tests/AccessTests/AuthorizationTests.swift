import Access
import Testing

@Suite("Who may do what")
struct AuthorizationTests {
  private let owner = "123456789012"
  private let other = "210987654321"

  private func principal(_ account: String, administrator: Bool) -> Principal {
    Principal(
      account: account,
      arn: ARN.user("ada", account: account).description,
      isAdministrator: administrator
    )
  }

  @Test(arguments: Action.allCases)
  func `an administrator may do everything in the account's domains`(action: Action) throws {
    let domain = ARN.domain("corp", owner: owner, region: "us-east-1")
    try Authorizer().authorize(principal(owner, administrator: true), to: action, on: domain)
    try Authorizer().authorize(principal(owner, administrator: true), to: action, on: nil)
  }

  @Test(arguments: Action.allCases)
  func `a stranger may do nothing`(action: Action) {
    let domain = ARN.domain("corp", owner: owner, region: "us-east-1")
    for stranger in [
      principal(other, administrator: true), principal(owner, administrator: false),
    ] {
      #expect(throws: AccessDenied.self) {
        try Authorizer().authorize(stranger, to: action, on: domain)
      }
    }
  }

  @Test func `a refusal is AWS's sentence`() {
    let repository = ARN.repository("r1", domain: "corp", owner: owner, region: "us-east-1")
    let error = #expect(throws: AccessDenied.self) {
      try Authorizer().authorize(
        principal(other, administrator: true),
        to: .describeRepository,
        on: repository
      )
    }
    #expect(
      error?.message
        == "User: arn:aws:iam::210987654321:user/ada is not authorized to perform: "
        + "codeartifact:DescribeRepository on resource: "
        + "arn:aws:codeartifact:us-east-1:123456789012:repository/corp/r1"
    )
  }

  @Test func `there are the API's 48 operations and three actions more`() {
    #expect(Action.allCases.count == 51)
  }
}

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
