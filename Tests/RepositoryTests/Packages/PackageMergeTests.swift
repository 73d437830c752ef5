import FormatRules
import Testing

@testable import Repository

@Suite("Merges of what places keep of a package")
struct PackageMergeTests {
  private func kept(_ members: String) throws -> JSONValue {
    try JSONReader.read(Array("{\(members)}".utf8))
  }

  @Test func `of a tag that several places have, the furthest upstream decides`() throws {
    var merge = PackageMerge()
    merge.add(
      attributes: try kept(#""dist-tags":{"latest":"1.0.2","beta":"2.0.0"},"license":"MIT""#),
      depth: 0
    )
    merge.add(attributes: try kept(#""dist-tags":{"latest":"1.0.1"},"license":"BSD""#), depth: 1)
    merge.add(attributes: try kept(#""dist-tags":{"latest":"0.9.0","old":"0.8.0"}"#), depth: 1)
    let tags = merge.result(named: "widget").listing.attributes["dist-tags"]
    #expect(tags?["latest"]?.string == "1.0.1")
    #expect(tags?["beta"]?.string == "2.0.0")
    #expect(tags?["old"]?.string == "0.8.0")
    merge.add(attributes: try kept(#""dist-tags":{"latest":"1.0.0"}"#), depth: .max)
    let attributes = merge.result(named: "widget").listing.attributes
    #expect(attributes["dist-tags"]?["latest"]?.string == "1.0.0")
    #expect(attributes["license"]?.string == "MIT")
  }

  @Test func `a package without tags has none`() throws {
    var merge = PackageMerge()
    merge.add(attributes: try kept(#""license":"MIT""#), depth: 0)
    #expect(merge.result(named: "widget").listing.attributes["dist-tags"] == nil)
  }
}
