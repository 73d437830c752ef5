import Exchange
import HTTPTypes
import Testing

@testable import Formats

@Suite("What requests are noted as")
struct TrailTests {
  @Test(arguments: [
    ("cargo", "se/rd/serde", "", "serde", ""),
    ("cargo", "api/v1/crates/serde/1.0.0/download", "", "serde", "1.0.0"),
    ("generic", "lab/tools/1.0/file.bin", "lab", "tools", "1.0"),
    ("maven", "org/acme/widget/1.0/widget-1.0.jar", "org.acme", "widget", "1.0"),
    ("maven", "org/acme/widget/maven-metadata.xml", "org.acme", "widget", ""),
    ("npm", "react", "", "react", ""),
    ("npm", "@acme/widget/-/widget-1.2.3.tgz", "acme", "widget", "1.2.3"),
    ("npm", "@acme/widget/-/other.tgz", "acme", "widget", ""),
    ("npm", "-/ping", "", "", ""),
    ("nuget", "v3/flatcontainer/widget/1.0.0/widget.1.0.0.nupkg", "", "widget", "1.0.0"),
    ("pypi", "simple/Flask_X/", "", "flask-x", ""),
    ("pypi", "simple/flask/1.0/flask-1.0.tar.gz", "", "flask", "1.0"),
    ("ruby", "gems/aws-sdk-1.2.0-java.gem", "", "aws-sdk", "1.2.0-java"),
    ("swift", "Acme/Widget/1.0.0.zip", "acme", "widget", "1.0.0"),
  ])
  func `package and version are read from the address`(
    format: String,
    rest: String,
    namespace: String,
    package: String,
    version: String
  ) throws {
    let path = "\(format)/d/corp-123456789012/tools/\(rest)"
    let endpoint = try #require(
      RepositoryEndpoint(
        segments: path.split(separator: "/", omittingEmptySubsequences: false).map(String.init),
        base: "http://h:1"
      )
    )
    let subject = TrailSubject(endpoint)
    #expect(subject.namespace ?? "" == namespace)
    #expect(subject.package ?? "" == package)
    #expect(subject.version ?? "" == version)
  }

  @Test func `a refused request is noted with its failure, and with its caller once known`()
    async throws
  {
    try await TestHouse.run { house in
      let trail = CallTrail()
      let stranger = await house.send(
        .get,
        "simple/flask/",
        authorization: .some(nil),
        trail: trail
      )
      #expect(stranger.status == .unauthorized)
      #expect(trail.notes.caller == nil)
      #expect(trail.notes.failure?.code == "UnrecognizedClientException")
      #expect(trail.notes.owner == TestHouse.owner)
      let known = CallTrail()
      _ = await house.send(.get, "simple/flask/", trail: known)
      #expect(known.notes.caller?.account == TestHouse.owner)
      #expect(known.notes.event == "ReadFromRepository")
      for notes in [known.notes, trail.notes] {
        let name = notes.target?.description
        #expect(name?.hasSuffix("\(TestHouse.owner):repository/my-domain/tools") == true)
      }
    }
  }
}
