import Testing

@testable import Login

/// What stands in the files of people stays as it is, byte for byte.
@Suite("Editing settings")
struct EditingTests {
  @Test(arguments: ["", "a", "a\n", "a\n\n", "a\r\nb\r\n", "a\r\nb", "\n\n", "a\nb\r\nc", "a\r"])
  func `lines come back as they were`(text: String) {
    #expect(TextLines(text).text.utf8.elementsEqual(text.utf8))
  }

  private func npmrc(_ text: String, _ name: String = "registry") -> String {
    var file = FlatText(text, .npmrc)
    file.set(name, to: "NEW")
    return file.text
  }

  @Test func `npm's file: in place, at the end, or before a section`() {
    #expect(npmrc("") == "registry=NEW\n")
    #expect(
      npmrc("; mine\nregistry = old\n\nsave=true\n") == "; mine\nregistry=NEW\n\nsave=true\n"
    )
    #expect(npmrc("save=true") == "save=true\nregistry=NEW\n")
    #expect(npmrc("a=b\r\n") == "a=b\r\nregistry=NEW\r\n")
    #expect(npmrc("a=b\n\n[s]\nregistry=x\n") == "a=b\nregistry=NEW\n\n[s]\nregistry=x\n")
    #expect(
      npmrc("#registry=x\n@acme:registry=y\n") == "#registry=x\n@acme:registry=y\nregistry=NEW\n"
    )
    let twice = "registry=a\nx=1\nregistry=b\n"
    #expect(npmrc(twice) == "registry=NEW\nx=1\n", "the last of two won, so both go")
    let token = "//h:1/npm/:_authToken"
    #expect(
      npmrc("\(token)=old\n//h:1/other/:_authToken=keep\n", token)
        == "\(token)=NEW\n//h:1/other/:_authToken=keep\n"
    )
  }

  @Test func `Java's properties: any separator, and lines that go on`() {
    func properties(_ text: String) -> String {
      var file = FlatText(text, .properties)
      file.set("acmeUrl", to: "NEW")
      return file.text
    }
    #expect(properties("acmeUrl: a\\\n  b\nother=1\n") == "acmeUrl=NEW\nother=1\n")
    #expect(properties("acmeUrl old\n") == "acmeUrl=NEW\n")
    #expect(properties("x=a\\\nacmeUrl=not this\n") == "x=a\\\nacmeUrl=not this\nacmeUrl=NEW\n")
    #expect(properties("! acmeUrl=1\n[s]\n") == "! acmeUrl=1\n[s]\nacmeUrl=NEW\n")
  }

  private func ini(_ text: String) -> String {
    var file = INIText(text)
    file.set("index-url", to: "NEW", in: "global")
    return file.text
  }

  @Test func `pip's file: other sections, comments and names stay`() {
    #expect(ini("") == "[global]\nindex-url = NEW\n")
    #expect(
      ini("# c\n[install]\nindex-url = x\n[global]\ntimeout = 5\n\n[list]\nformat = columns\n")
        == "# c\n[install]\nindex-url = x\n[global]\ntimeout = 5\nindex-url = NEW\n\n[list]\n"
        + "format = columns\n"
    )
    #expect(
      ini("[global]\nINDEX_URL: a\n  b\n# c\nextra-index-url =\n  d\n  e\n")
        == "[global]\nindex-url = NEW\n# c\nextra-index-url =\n  d\n  e\n"
    )
    #expect(ini("[other]\na = b") == "[other]\na = b\n\n[global]\nindex-url = NEW\n")
  }

  @Test func `a list of words is read with its comments left out`() {
    let file = INIText("[distutils]\nindex-servers =\n    pypi\n    # c\n    lab other\n[pypi]\n")
    #expect(file.words(of: "index-servers", in: "distutils") == ["pypi", "lab", "other"])
    #expect(file.words(of: "index-servers", in: "pypi") == nil)
  }

  @Test func `a word goes to the end of its list, and the others stay as they are`() {
    func add(_ text: String) -> String {
      var file = INIText(text)
      file.add("NEW", to: "index-servers", or: ["pypi"], in: "distutils")
      return file.text
    }
    let head = "[distutils]\nindex-servers ="
    #expect(add("") == head + "\n    pypi\n    NEW\n")
    #expect(add(head + "\n  # c\n  lab\n\n[lab]\n") == head + "\n  # c\n  lab\n  NEW\n\n[lab]\n")
    #expect(add(head + " pypi lab\n") == head + " pypi lab\n    NEW\n")
    for done in [head + "\n\tNEW\n", head + " NEW pypi\n"] { #expect(add(done) == done) }
  }

  private func toml(_ text: String) throws -> String {
    var file = TOMLText(text)
    try file.set([("index", "\"NEW\""), ("x", "[1]")], inTable: ["registries", "acme-team"])
    return file.text
  }

  @Test func `a table of TOML: made, filled in, and the rest untouched`() throws {
    #expect(try toml("") == "[registries.acme-team]\nindex = \"NEW\"\nx = [1]\n")
    #expect(
      try toml("[build] # c\njobs = 2")
        == "[build] # c\njobs = 2\n\n[registries.acme-team]\nindex = \"NEW\"\nx = [1]\n"
    )
    let rich = """
      [registries."acme-team"]  # mine
      # a comment
      index = "old" # stays
      x = [
        "a]", # ]
        '[registries.acme-team]',
      ]
      keep = { a = 1 }

      [[bin]]
      name = "x"

      """
    #expect(
      try toml(rich)
        == """
        [registries."acme-team"]  # mine
        # a comment
        index = "NEW" # stays
        x = [1]
        keep = { a = 1 }

        [[bin]]
        name = "x"

        """
    )
    let long = "a = '''\n[registries.acme-team]\nindex = 1\n'''\n"
    #expect(try toml(long).hasPrefix(long + "\n[registries.acme-team]\n"))
    #expect(
      try toml("a = 1\r\n").hasSuffix(
        "\r\n[registries.acme-team]\r\nindex = \"NEW\"\r\nx = [1]\r\n"
      )
    )
  }

  @Test(arguments: [
    "registries = { acme-team = { index = \"x\" } }\n", "registries.acme-team.index = \"x\"\n",
    "[registries]\nacme-team = { index = \"x\" }\n", "[registries]\nacme-team.index = \"x\"\n",
    "[registries.acme-team]\nindex.a = 1\n",
  ])
  func `the same entry in another spelling of TOML is refused`(text: String) {
    #expect(throws: EditError.self) { try toml(text) }
  }

  @Test func `an element of a TOML array is found by its name, and a new one goes first`() throws {
    func set(_ text: String) throws -> String {
      var file = TOMLText(text)
      try file.set([("url", "\"NEW\"")], inElementOf: ["index"], named: "acme")
      return file.text
    }
    let other = "[[index]]\nname = \"other\"\nurl = \"keep\"\n"
    let ours = "[[index]]\nname = \"acme\"\nurl = \"NEW\"\n"
    #expect(try set("") == ours)
    #expect(try set("x = 1\n\n" + other) == "x = 1\n\n\(ours)\n\(other)")
    #expect(
      try set(other + "[[index]]\nurl = 'old'\nname = 'acme'\n")
        == other + "[[index]]\nurl = \"NEW\"\nname = 'acme'\n"
    )
    #expect(try set(set(other)) == set(other))
    #expect(throws: EditError.self) { try set("index = [{ name = \"acme\" }]\n") }
  }
}
