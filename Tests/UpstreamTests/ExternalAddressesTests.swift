import Catalog
import Testing

@testable import Upstream

@Suite("Where external connections point")
struct ExternalAddressesTests {
  private struct Machine: MachineQueries {
    var configured: String?
    var builtIn: String?

    func pipConfiguration(_ name: String) async -> String? {
      name == "global.index-url" ? configured : nil
    }

    func pipBuiltInIndex() async -> String? { builtIn }
  }

  private func discover(
    _ overrides: [String] = [],
    _ environment: [String: String] = [:],
    _ machine: Machine = Machine(configured: "https://c.test/simple", builtIn: "https://b.test/s")
  ) async throws -> ExternalAddresses {
    try await ExternalAddresses.discover(
      overrides: overrides,
      environment: environment,
      machine: machine
    )
  }

  @Test func `the operator goes before the environment, that before pip, and pip before nobody`()
    async throws
  {
    let environment = [
      "LARDER_EXTERNAL_PUBLIC_PYPI": "https://e.test/simple/",
      "PIP_INDEX_URL": "https://p.test/simple",
    ]
    let override = ["public:pypi=http://o.test/simple"]
    for (overrides, environment, machine, address, source) in [
      (override, environment, Machine(), "http://o.test/simple/", "--external"),
      ([], environment, Machine(), "https://e.test/simple/", "LARDER_EXTERNAL_PUBLIC_PYPI"),
      (
        [], ["PIP_INDEX_URL": "https://p.test/simple"], Machine(), "https://p.test/simple/",
        "PIP_INDEX_URL"
      ),
      (
        [], [:], Machine(configured: "https://c.test/simple", builtIn: "https://b.test/s"),
        "https://c.test/simple/", "pip's configuration"
      ),
      (
        [], [:], Machine(builtIn: "https://b.test/s"), "https://b.test/s/",
        "pip's built-in default"
      ),
    ] {
      let found = try await discover(overrides, environment, machine)["public:pypi"]
      #expect(found?.address == address)
      #expect(found?.source == source)
    }
    let none = try await discover([], [:], Machine())
    #expect(none["public:pypi"] == nil)
    #expect(none.complaints.count == 1)
  }

  @Test func `any connection can be given, and the last word counts`() async throws {
    let found = try await discover(
      ["public:npmjs=https://a.test", "public:npmjs=https://b.test/x"],
      ["LARDER_EXTERNAL_PUBLIC_MAVEN_CENTRAL": "https://m.test/"]
    )
    #expect(found["public:npmjs"]?.address == "https://b.test/x/")
    #expect(found["public:maven-central"]?.address == "https://m.test/")
  }

  @Test func `every connection but Python's has a built-in address, and nobody is told of it`()
    async throws
  {
    let addresses = try await discover([], [:], Machine())
    let names = ExternalConnection.allCases.map(\.rawValue).filter { $0 != "public:pypi" }
    #expect(addresses.found.map(\.connection) == names.sorted())
    #expect(addresses.found.allSatisfy { $0.isBuiltIn && $0.address.hasPrefix("https://") })
    let told = try await discover(["public:npmjs=https://a.test"])
    #expect(told.found.count == 10)
    #expect(
      told.found.filter { !$0.isBuiltIn }.map(\.connection) == ["public:npmjs", "public:pypi"]
    )
  }

  @Test func `npm's own variable is obeyed, unless somebody logged in to a repository by it`()
    async throws
  {
    let name = "npm_config_registry"
    let found = try await discover([], [name: "https://n.test/npm"])
    #expect(found["public:npmjs"]?.address == "https://n.test/npm/")
    #expect(found["public:npmjs"]?.source == name)
    let ours = try await discover([], [name: "http://h.test/npm/d/acme-000000000000/team/"])
    #expect(ours["public:npmjs"]?.isBuiltIn == true)
    #expect(ours.complaints.count == 1)
  }

  @Test func `a connection that does not exist is refused with the list of those that do`()
    async throws
  {
    let error = await #expect(throws: InvalidExternalAddress.self) {
      _ = try await discover(["public:npm=https://o.test/"])
    }
    for connection in ExternalConnection.allCases {
      #expect("\(String(describing: error))".contains(connection.rawValue))
    }
    let found = try await discover([], ["LARDER_EXTERNAL_PUBLIC_NPM": "https://o.test/"])
    #expect(found.complaints.first?.contains("there is no external connection public:npm") == true)
  }

  @Test func `user-info becomes a credential and leaves the address`() async throws {
    let found = try await discover(["public:pypi=https://me:pass@o.test:8443/simple/?x#y"])
    #expect(found["public:pypi"]?.address == "https://o.test:8443/simple/")
    #expect(found["public:pypi"]?.authorization == "Basic bWU6cGFzcw==")
    #expect(found["public:pypi"]?.origin == WebOrigin("https://o.test:8443/other"))
  }

  @Test(arguments: ["public:pypi", "public:pypi=", "public:pypi=ftp://o.test/", "=https://o.test/"])
  func `what an operator typed is never passed over`(text: String) async throws {
    let error = await #expect(throws: InvalidExternalAddress.self) {
      _ = try await discover([text])
    }
    #expect(error?.text == text)
  }

  @Test func `nonsense in the environment is passed over aloud`() async throws {
    let found = try await discover([], ["PIP_INDEX_URL": "nowhere"])
    #expect(found["public:pypi"]?.source == "pip's configuration")
    #expect(found.complaints == ["PIP_INDEX_URL holds no http or https address and is passed over"])
  }
}
