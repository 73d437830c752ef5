import Testing

@testable import Login

@Suite("Login plans")
struct PlanTests {
  private static let token = "larder_0123456789012345678901234567890123456789012"
  private let grant = RepositoryGrant(
    endpoint: "http://127.0.0.1:8470/npm/d/acme-000000000000/te.am/",
    token: token,
    name: "acme-te.am"
  )
  private let places = ClientPlaces(environment: ["HOME": "/h"], project: "/p") { _ in false }

  private func results(
    _ tool: LoginTool,
    _ grant: RepositoryGrant? = nil,
    _ places: ClientPlaces? = nil
  ) throws -> [String: String] {
    let plan = tool.plan(grant ?? self.grant, places ?? self.places)
    return try Dictionary(plan.edits.map { ($0.path, try $0.change("")) }) { $1 }
  }

  @Test(arguments: LoginTool.allCases)
  func `a second login changes nothing, and a new token takes the old one's place`(
    tool: LoginTool
  ) throws {
    let later = RepositoryGrant(endpoint: grant.endpoint, token: "NEW", name: grant.name)
    for (edit, next) in zip(tool.plan(grant, places).edits, tool.plan(later, places).edits) {
      let first = try edit.change("")
      let again = try edit.change(first)
      #expect(again == first)
      let renewed = try next.change(first)
      let fresh = try next.change("")
      #expect(renewed == fresh)
    }
  }

  @Test(arguments: LoginTool.allCases)
  func `the token is in files for the owner's eyes alone, and in one at least`(
    tool: LoginTool
  ) throws {
    let edits = tool.plan(grant, places).edits
    #expect(edits.contains { $0.holdsSecret })
    for edit in edits where !edit.holdsSecret {
      let text = try edit.change("")
      #expect(!text.contains(Self.token))
    }
    for line in tool.plan(grant, places).advice { #expect(!line.contains(Self.token)) }
  }

  @Test func `names hold what every tool takes`() {
    #expect(grant.name == "acme-te-am")
  }

  @Test func `npm's clients share a file, Yarn's later ones have their own`() throws {
    let base = "//127.0.0.1:8470/npm/d/acme-000000000000/te.am/"
    let npm = "registry=http:\(base)\n\(base):_authToken=\(Self.token)\n"
    for tool in [LoginTool.npm, .pnpm, .deno] {
      #expect(try results(tool) == ["/h/.npmrc": npm])
    }
    #expect(
      try results(.yarn) == ["/h/.npmrc": npm + "\(base):always-auth=true\n", "/h/.yarnrc": ""]
    )
    #expect(
      try results(.yarnBerry)["/h/.yarnrc.yml"]
        == """
        npmRegistryServer: "http:\(base.dropLast())"
        npmRegistries:
          "\(base.dropLast())":
            npmAlwaysAuth: true
            npmAuthToken: "\(Self.token)"
        unsafeHttpWhitelist:
        - "127.0.0.1"

        """
    )
    #expect(
      try results(.bun)["/h/.bunfig.toml"]
        == "[install]\nregistry = { url = \"http:\(base)\", token = \"\(Self.token)\" }\n"
    )
  }

  @Test func `a scope alone leaves the default registry as it is`() throws {
    let scoped = RepositoryGrant(
      endpoint: "https://h/npm/x/",
      token: "T",
      name: "n",
      scope: "@acme"
    )
    #expect(
      try results(.npm, scoped)["/h/.npmrc"]
        == "@acme:registry=https://h/npm/x/\n//h/npm/x/:_authToken=T\n"
    )
    #expect(
      try results(.bun, scoped)["/h/.bunfig.toml"]
        == "[install.scopes]\nacme = { url = \"https://h/npm/x/\", token = \"T\" }\n"
    )
    let berry = try #require(try results(.yarnBerry, scoped)["/h/.yarnrc.yml"])
    #expect(berry.hasPrefix("npmScopes:\n  acme:\n    npmRegistryServer: \"https://h/npm/x\"\n"))
    #expect(!berry.contains("unsafeHttpWhitelist"))
  }

  private let python = RepositoryGrant(endpoint: "https://h/pypi/x/", token: "T", name: "n")

  @Test func `Python's clients get user and token in the address, or beside it`() throws {
    #expect(
      try results(.pip, python)["/h/.config/pip/pip.conf"]
        == "[global]\nindex-url = https://aws:T@h/pypi/x/simple/\n"
    )
    #expect(
      try results(.uv, python)["/h/.config/uv/uv.toml"]
        == """
        [[index]]
        name = "n"
        url = "https://aws:T@h/pypi/x/simple/"
        publish-url = "https://aws:T@h/pypi/x/"
        default = true

        """
    )
    #expect(
      try results(.twine, python)["/h/.pypirc"]
        == """
        [distutils]
        index-servers =
            pypi
            n

        [n]
        repository = https://h/pypi/x/
        username = aws
        password = T

        """
    )
  }

  @Test func `Poetry's project is edited where there is one`() throws {
    #expect(
      try results(.poetry, python) == [
        "/h/.config/pypoetry/config.toml": "[repositories.n]\nurl = \"https://h/pypi/x/\"\n",
        "/h/.config/pypoetry/auth.toml":
          "[http-basic.n]\nusername = \"aws\"\npassword = \"T\"\n",
      ]
    )
    let inside = ClientPlaces(environment: ["HOME": "/h"], project: "/p") {
      $0 == "/p/pyproject.toml"
    }
    #expect(
      try results(.poetry, python, inside)["/p/pyproject.toml"]
        == "[[tool.poetry.source]]\nname = \"n\"\nurl = \"https://h/pypi/x/simple/\"\n"
        + "priority = \"primary\"\n"
    )
  }

  @Test func `variables say where files are`() throws {
    let places = ClientPlaces(
      environment: [
        "HOME": "/h", "XDG_CONFIG_HOME": "/x", "PIP_CONFIG_FILE": "/pip.conf",
        "npm_config_userconfig": "/npmrc", "CARGO_HOME": "/c", "GRADLE_USER_HOME": "/g",
        "BUNDLE_USER_HOME": "/b", "POETRY_CONFIG_DIR": "/po",
      ],
      project: "/p"
    ) { $0 == "/c/config" }
    func paths(_ tool: LoginTool) -> [String] { tool.plan(grant, places).edits.map(\.path) }
    #expect(paths(.pip) == ["/pip.conf"])
    #expect(paths(.uv) == ["/x/uv/uv.toml"])
    #expect(paths(.npm) == ["/npmrc"])
    #expect(paths(.bun) == ["/x/.bunfig.toml"])
    #expect(paths(.cargo) == ["/c/config", "/c/credentials.toml"])
    #expect(paths(.gradle) == ["/g/gradle.properties", "/g/init.d/larder-acme-te-am.gradle"])
    #expect(paths(.bundler) == ["/b/config"])
    #expect(paths(.poetry) == ["/po/config.toml", "/po/auth.toml"])
  }

  @Test func `Maven gets a server and a profile, and a mirror when everything is to come from it`()
    throws
  {
    let maven = RepositoryGrant(endpoint: "https://h/maven/x/", token: "T&<", name: "n")
    let text = try #require(try results(.maven, maven)["/h/.m2/settings.xml"])
    #expect(text.contains("<password>T&amp;&lt;</password>"))
    #expect(!text.contains("<mirror>"))
    #expect(text.contains("<repository>\n          <id>n</id>\n"), "\(text)")
    let all = RepositoryGrant(endpoint: "https://h/maven/x/", token: "T", name: "n", isMirror: true)
    #expect(try results(.maven, all)["/h/.m2/settings.xml"]?.contains("<mirrorOf>*<") == true)
  }

  @Test
  func `Cargo gets a registry, its token in the other file, and its default replaced on wish`()
    throws
  {
    let cargo = RepositoryGrant(
      endpoint: "https://h/cargo/x/",
      token: "T",
      name: "n",
      isMirror: true
    )
    #expect(
      try results(.cargo, cargo) == [
        "/h/.cargo/config.toml":
          "[registries.n]\nindex = \"sparse+https://h/cargo/x/\"\n"
          + "credential-provider = [\"cargo:token\"]\n\n[source.crates-io]\nreplace-with = \"n\"\n",
        "/h/.cargo/credentials.toml": "[registries.n]\ntoken = \"T\"\n",
      ]
    )
  }

  @Test func `gem's old token goes from its sources, and other sources stay`() throws {
    let ruby = RepositoryGrant(endpoint: "https://h/ruby/x/", token: "T", name: "n")
    let edits = LoginTool.gem.plan(ruby, places).edits
    #expect(edits.map(\.path) == ["/h/.gemrc", "/h/.gem/credentials"])
    let old = ":sources:\n- https://aws:OLD@h/ruby/x/\n- https://gems.test/\n"
    #expect(
      try edits[0].change(old) == ":sources:\n- https://aws:T@h/ruby/x/\n- https://gems.test/\n"
    )
    #expect(try edits[1].change("") == "---\nhttps://h/ruby/x: T\n")
  }

  @Test func `Bundler's names are spelled as it spells them`() throws {
    let ruby = RepositoryGrant(
      endpoint: "http://h.t:1/ruby/d/a-0/r/",
      token: "T",
      name: "n",
      isMirror: true
    )
    #expect(
      try results(.bundler, ruby)["/h/.bundle/config"]
        == "---\nBUNDLE_HTTP://H__T:1/RUBY/D/A___0/R/: \"aws:T\"\n"
        + "BUNDLE_MIRROR__ALL: \"http://aws:T@h.t:1/ruby/d/a-0/r/\"\n"
    )
  }

  @Test func `NuGet gets a source and its credentials in clear text`() throws {
    let nuget = RepositoryGrant(endpoint: "https://h/nuget/x/", token: "T", name: "n")
    let text = try #require(try results(.nuget, nuget)["/h/.nuget/NuGet/NuGet.Config"])
    #expect(text.contains("<add key=\"n\" value=\"https://h/nuget/x/v3/index.json\""))
    #expect(text.contains("  <packageSourceCredentials>\n    <n>\n      <add key=\"Username\""))
  }

  @Test func `SwiftPM gets its registry and how it is asked for leave`() throws {
    let swift = RepositoryGrant(endpoint: "https://h:8/swift/x/", token: "T", name: "n")
    let found = try results(.swift, swift)
    let registries = try #require(found["/h/.swiftpm/configuration/registries.json"])
    #expect(registries.contains("\"[default]\": { \"url\": \"https://h:8/swift/x\" }"))
    #expect(
      registries.contains("\"h:8\": { \"type\": \"token\", \"loginAPIPath\": \"/swift/x/login\" }")
    )
    #expect(found["/h/.netrc"] == "machine h login token password T\n")
  }

  @Test func `tokens are hidden from those who watch, and addresses are not`() {
    #expect(SecretMask.masked("a = \"\(Self.token)\"") == "a = \"********\"")
    #expect(SecretMask.masked("http://aws:\(Self.token)@h/") == "http://aws:********@h/")
    let long = String(repeating: "aB9_", count: 300)
    #expect(SecretMask.masked("token=\(long)") == "token=********")
    #expect(SecretMask.masked("registry=\(grant.endpoint)") == "registry=\(grant.endpoint)")
  }
}
