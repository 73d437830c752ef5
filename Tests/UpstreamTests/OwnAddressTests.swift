import Testing
import Upstream

/// `aws codeartifact login --tool pip` makes pip's own configuration point at this server.
///
/// Asked at the next start where the public index is, the machine answered with ourselves, and
/// every request for an unknown package went round until its token expired.
@Suite("An address that is our own")
struct OwnAddressTests {
  private func found(
    _ environment: [String: String],
    _ overrides: [String] = []
  ) async throws
    -> ExternalAddresses
  {
    try await ExternalAddresses.discover(
      overrides: overrides,
      environment: environment,
      machine: SilentMachine()
    )
  }

  @Test(arguments: [
    "http://aws:token@127.0.0.1:8470/pypi/d/acme-111122223333/team/simple/",
    "https://pkg.example.com/larder/pypi/d/a-b-111122223333/team/simple",
    "https://aws:t@acme-111122223333.d.codeartifact.eu-west-1.example.com/pypi/team/simple/",
  ])
  func `what a login wrote is passed over, and said`(address: String) async throws {
    let addresses = try await found(["PIP_INDEX_URL": address])
    #expect(addresses["public:pypi"] == nil)
    #expect(addresses.complaints.contains { $0.contains("PIP_INDEX_URL") })
    #expect(!addresses.complaints.contains { $0.contains("token") })
  }

  @Test(arguments: [
    "https://mirror.example.com/pypi/simple/", "http://127.0.0.1:9/simple/",
    "https://mirror.example.com/pypi/d/none/simple/",
  ])
  func `an ordinary mirror is taken`(address: String) async throws {
    #expect(try await found(["PIP_INDEX_URL": address])["public:pypi"]?.address == address)
  }

  @Test func `an operator who says so gets it`() async throws {
    let address = "http://10.0.0.1/pypi/d/acme-111122223333/team/simple/"
    let addresses = try await found([:], ["public:pypi=\(address)"])
    #expect(addresses["public:pypi"]?.address == address)
  }
}

/// A machine without pip.
private struct SilentMachine: MachineQueries {
  func pipConfiguration(_ name: String) async -> String? { nil }
  func pipBuiltInIndex() async -> String? { nil }
}
