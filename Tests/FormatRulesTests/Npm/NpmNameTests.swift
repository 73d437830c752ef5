import FormatRules
import Testing

@Suite("npm names")
struct NpmNameTests {
  @Test(arguments: [
    "widget", "@acme/widget", "JSONStream", "a", "x.y", "constructor", "hasOwnProperty", "1st",
    "some~old'name", "@Types/Node", "left-pad_2", "node_modules",
  ])
  func `what old registries hold can be read`(text: String) throws {
    #expect(try #require(NpmName(text)).text == text)
  }

  @Test(arguments: [
    "", "-", ".", "..", ".hidden", "__proto__", "_all", "a/b", "a%2fb", "@acme", "@acme/", "@/x",
    "@acme/widget/more", "@acme/../x", "@../x", "@acme/.x", "a b", "a\\b", "a?b", "a#b", "a\u{0}b",
    "wïdget", "ԝidget", "a@1.0.0", "@@acme/widget", "a+b",
  ])
  func `what could climb out of a path or deceive an eye is no name`(text: String) {
    #expect(NpmName(text) == nil)
  }

  @Test func `a name has 214 bytes at most, scope and all`() {
    #expect(NpmName(String(repeating: "a", count: 214)) != nil)
    #expect(NpmName(String(repeating: "a", count: 215)) == nil)
    #expect(NpmName("@acme/" + String(repeating: "a", count: 208)) != nil)
    #expect(NpmName("@acme/" + String(repeating: "a", count: 209)) == nil)
  }

  @Test func `the scope is kept without its sign`() throws {
    let name = try #require(NpmName("@acme/widget"))
    #expect(name.scope == "acme")
    #expect(name.base == "widget")
    #expect(try #require(NpmName("widget")).scope == nil)
  }

  @Test(arguments: ["Widget", "@Acme/widget", "a~b", "it's", "a!", "node_modules", "favicon.ico"])
  func `what is old-fashioned is not published anew`(text: String) throws {
    #expect(try #require(NpmName(text)).publishingObstacle != nil)
  }

  @Test(arguments: [
    "widget", "@acme/widget", "a.b", "a_b", "constructor", "events", "string_decoder",
  ])
  func `what is in order is published`(text: String) throws {
    #expect(try #require(NpmName(text)).publishingObstacle == nil)
  }

  @Test func `an archive is found by each form of its name`() throws {
    let scoped = try #require(NpmName("@acme/widget"))
    #expect(scoped.fileName(of: "1.0.0") == "widget-1.0.0.tgz")
    #expect(scoped.version(ofFile: "widget-1.0.0.tgz") == "1.0.0")
    #expect(scoped.version(ofFile: "@acme/widget-1.0.0-rc.1.tgz") == "1.0.0-rc.1")
    #expect(scoped.version(ofFile: "widget-1.0.0+build.5.tgz") == "1.0.0+build.5")
    for other in [
      "widget-.tgz", "widget.tgz", "gadget-1.0.0.tgz", "widget-1.0.0.zip", "widget-../x.tgz",
    ] {
      #expect(scoped.version(ofFile: other) == nil, "\(other)")
    }
  }
}

@Suite("npm versions")
struct NpmVersionTests {
  @Test func `versions follow one another as semver.org has it`() {
    let order = [
      "0.0.1", "0.9.0", "1.0.0-0", "1.0.0-2", "1.0.0-10", "1.0.0-alpha", "1.0.0-alpha.1",
      "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0",
      "1.0.1", "1.2.0", "1.10.0", "2.0.0-x.7.z.92", "2.0.0", "10.0.0",
    ].compactMap { NpmVersion($0) }
    #expect(order.count == 19)
    for (left, right) in zip(order, order.dropFirst()) {
      #expect(left < right)
      #expect(!(right < left))
    }
  }

  @Test func `build metadata does not count`() {
    #expect(NpmVersion("1.0.0+a") == NpmVersion("1.0.0+b.2"))
    #expect(NpmVersion("1.0.0-rc.1+a")?.description == "1.0.0-rc.1")
  }

  @Test(arguments: [
    "", "1", "1.0", "1.0.0.0", "01.0.0", "1.00.0", "1.0.0-", "1.0.0-a..b", "1.0.0-01", "1.0.0+",
    "1.0.0+a+b", "v1.0.0", " 1.0.0", "1.0.0-ä", "9007199254740992.0.0", "1.0.x", "-1.0.0",
    "1.0.0/../x",
  ])
  func `what is no version is refused`(text: String) {
    #expect(NpmVersion(text) == nil)
  }

  @Test func `a version has 256 bytes at most`() {
    #expect(NpmVersion("1.0.0-" + String(repeating: "a", count: 250)) != nil)
    #expect(NpmVersion("1.0.0-" + String(repeating: "a", count: 251)) == nil)
  }

  @Test func `manifests may be sloppy`() {
    #expect(NpmVersion(loose: " =v1.2.3 ")?.description == "1.2.3")
    #expect(NpmVersion(loose: "v1.2.3+git")?.description == "1.2.3")
    #expect(NpmVersion(loose: "latest") == nil)
  }

  @Test func `a tag does not look like a range`() {
    for tag in ["latest", "beta", "next-11", "v-next", "canary"] {
      #expect(NpmTag.obstacle(tag) == nil, "\(tag)")
    }
    for tag in ["", "1", "1.0.0", "v1", "^1", "~2", ">1", "*", "x", "a b", "a/b", "ä"] {
      #expect(NpmTag.obstacle(tag) != nil, "\(tag)")
    }
  }
}
