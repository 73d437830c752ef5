import Testing

@testable import Login

@Suite("Editing markup")
struct EditingMarkupTests {
  private func yaml(_ text: String) throws -> String {
    var file = YAMLText(text)
    try file.set(["npmRegistries", "//h/npm", "npmAuthToken"], to: "\"NEW\"")
    return file.text
  }

  @Test func `a path of YAML mappings: made, extended, replaced`() throws {
    let made = "npmRegistries:\n  \"//h/npm\":\n    npmAuthToken: \"NEW\"\n"
    #expect(try yaml("") == made)
    #expect(try yaml("nodeLinker: pnp # c\n") == "nodeLinker: pnp # c\n" + made)
    #expect(
      try yaml("npmRegistries:\n    '//other':\n        npmAuthToken: keep\n\nnodeLinker: pnp\n")
        == "npmRegistries:\n    '//other':\n        npmAuthToken: keep\n    \"//h/npm\":\n"
        + "      npmAuthToken: \"NEW\"\n\nnodeLinker: pnp\n"
    )
    #expect(
      try yaml("npmRegistries:\n  //h/npm:\n    # c\n    npmAuthToken: old # mine\n    a: b\n")
        == "npmRegistries:\n  //h/npm:\n    # c\n    npmAuthToken: \"NEW\" # mine\n    a: b\n"
    )
    #expect(throws: EditError.self) { try yaml("npmRegistries: {}\n") }
    #expect(throws: EditError.self) { try yaml("npmRegistries: { \"//h/npm\": {} }\n") }
  }

  @Test func `keys with colons are told from their values`() throws {
    var file = YAMLText("---\nBUNDLE_HTTP://H:1/X/: \"old\"\nBUNDLE_JOBS: \"4\"\n")
    try file.set(["BUNDLE_HTTP://H:1/X/"], to: "\"NEW\"", quoting: false)
    #expect(file.text == "---\nBUNDLE_HTTP://H:1/X/: \"NEW\"\nBUNDLE_JOBS: \"4\"\n")
    var empty = YAMLText("---\n")
    try empty.set(["http://h:1/x"], to: "NEW", quoting: false)
    #expect(empty.text == "---\nhttp://h:1/x: NEW\n")
  }

  @Test func `a YAML sequence gets its item first and loses the old ones`() throws {
    func put(_ text: String) throws -> String {
      var file = YAMLText(text)
      try file.putFirst("NEW", in: ":sources") { $0.hasPrefix("old") }
      return file.text
    }
    #expect(try put("") == ":sources:\n- NEW\n")
    #expect(
      try put("---\n:verbose: true\n:sources:\n- https://a/\n- old1\n# c\n- 'old2'\ngem: x\n")
        == "---\n:verbose: true\n:sources:\n- NEW\n- https://a/\n# c\ngem: x\n"
    )
    #expect(try put(":sources:\n  - old\n") == ":sources:\n  - NEW\n")
    #expect(throws: EditError.self) { try put(":sources: [a]\n") }
  }

  private func xml(_ text: String, atFront: Bool = false) throws -> String {
    var file = XMLText(text, root: "settings")
    try file.put(
      "<server>\n  <id>acme</id>\n</server>",
      in: ["settings", "servers"],
      atFront: atFront
    ) { XMLText.value(of: "id", in: $1) == "acme" }
    return file.text
  }

  @Test func `an XML document is made where there is none`() throws {
    #expect(
      try xml("")
        == """
        <?xml version="1.0" encoding="UTF-8"?>
        <settings>
          <servers>
            <server>
              <id>acme</id>
            </server>
          </servers>
        </settings>

        """
    )
  }

  @Test func `an element of XML is added beside its neighbours, or takes its own place`() throws {
    let text = """
      <?xml version="1.0"?>
      <!-- <settings> <servers/> -->
      <settings xmlns="http://maven.apache.org/SETTINGS/1.0.0" a="x > y">
          <offline>false</offline>
          <servers>
              <server><id>other</id><password><![CDATA[</servers>]]></password></server>
          </servers><!-- end -->
      </settings>

      """
    let first = try xml(text)
    #expect(
      first.contains(
        """
        ]]></password></server>
                <server>
                  <id>acme</id>
                </server>
            </servers><!-- end -->
        """
      )
    )
    #expect(try xml(first) == first, "a second time changes nothing")
    #expect(try xml(first.replacing("<id>acme", with: "<x/><id> acme")) == first)
    #expect(try xml("<settings><servers/></settings>").contains("<id>acme</id>"))
    #expect(try xml(text, atFront: true).contains("</server>\n        <server><id>other"))
  }

  @Test(arguments: ["<project></project>", "<settings>", "{}", "<settings></servers></settings>"])
  func `what is no such document is refused`(text: String) {
    #expect(throws: EditError.self) { try xml(text) }
  }

  private func netrc(_ text: String) -> String {
    var file = NetrcText(text)
    file.set(machine: "h", login: "token", password: "NEW")
    return file.text
  }

  @Test func `a netrc keeps its other machines, its macros and its default at the end`() {
    let ours = "machine h login token password NEW"
    #expect(netrc("") == ours + "\n")
    #expect(netrc("machine a login b password c") == "machine a login b password c\n\(ours)\n")
    #expect(
      netrc("machine a password machine\nmachine h\n  login x\n  password y\n\nmachine z login q\n")
        == "machine a password machine\n\(ours)\n\nmachine z login q\n"
    )
    #expect(netrc("default login a password b\n") == "\(ours)\ndefault login a password b\n")
    #expect(netrc("# machine h login x\n") == "# machine h login x\n\(ours)\n")
    let macro = "machine a login b\nmacdef init\nmachine h login x\n\n"
    #expect(netrc(macro) == macro + ours + "\n")
  }

  private func json(_ text: String) throws -> String {
    var file = JSONText(text)
    try file.set(["registries", "[default]"], to: "{ \"url\": \"NEW\" }")
    return file.text
  }

  @Test func `a member of JSON is set and the order of the others stays`() throws {
    #expect(try json("") == "{\n  \"registries\": { \"[default]\": { \"url\": \"NEW\" } }\n}\n")
    #expect(
      try json(
        "{ \"version\" : 1,\n  \"registries\": {\"[default]\" :{\"url\":\"}\\\"\"}, \"a\":2} }"
      )
        == "{ \"version\" : 1,\n  \"registries\": {\"[default]\" :{ \"url\": \"NEW\" }, \"a\":2} }"
    )
    #expect(try json(json("{\"a\": [1, {\"b\": 2}]}")) == json("{\"a\": [1, {\"b\": 2}]}"))
    #expect(throws: EditError.self) { try json("[]") }
    #expect(throws: EditError.self) { try json("{\"a\": 1") }
    #expect(throws: EditError.self) { try json("{\"registries\": 1}") }
  }
}
