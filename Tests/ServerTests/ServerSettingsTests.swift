import Server
import Testing

@Suite("Server settings")
struct ServerSettingsTests {
  private func settings(_ change: (inout ServerFlags) -> Void) throws -> ServerSettings {
    var flags = ServerFlags()
    change(&flags)
    return try ServerSettings(flags)
  }

  @Test func `with nothing said, the contract's defaults hold`() throws {
    let settings = try settings { _ in }
    #expect(settings.data == "./larder-data")
    #expect(settings.host == "127.0.0.1")
    #expect(settings.port == 8470)
    #expect(settings.external.isEmpty)
    #expect(settings.freshness == .seconds(1800))
    #expect(!settings.isOffline)
    #expect(try self.settings { $0.offline = true }.isOffline)
  }

  @Test(arguments: ["[::1]:80", "::1:80"])
  func `an IPv6 address may stand in brackets`(text: String) throws {
    let settings = try settings { $0.listen = text }
    #expect(settings.host == "::1")
    #expect(settings.port == 80)
  }

  @Test func `an external connection keeps the equals signs of its address`() throws {
    let settings = try settings { $0.external = ["public:pypi=http://u:p@h/simple/?a=b"] }
    #expect(settings.external == ["public:pypi": "http://u:p@h/simple/?a=b"])
  }

  @Test func `what makes no sense is named, with what would`() {
    let mistakes: [(inout ServerFlags) -> Void] = [
      { $0.listen = "8470" }, { $0.listen = "h:99999" }, { $0.io = "floppy" },
      { $0.door = "trap" }, { $0.external = ["public:pypi"] }, { $0.external = ["x=ftp://h"] },
      { $0.publicURL = "pkg.example.com" }, { $0.freshness = -1 }, { $0.logLevel = "loud" },
      { $0.logFormat = "xml" }, { $0.tlsCertificate = "a.pem" }, { $0.tlsKey = "a.pem" },
    ]
    for mistake in mistakes {
      #expect(throws: SettingsError.self) { try settings(mistake) }
    }
  }

  @Test func `the message tells the flag, the value and the remedy`() throws {
    let error = try #require(throws: SettingsError.self) { try settings { $0.io = "floppy" } }
    #expect("\(error)" == #"--io is "floppy"; it should be auto, ring, threads"#)
  }

  @Test func `shell exports survive any character`() {
    let credentials = Credentials(
      account: "000000000000",
      accessKeyID: "AKIA",
      secretAccessKey: "it's $HOME",
      region: "us-east-1",
      endpoint: "http://127.0.0.1:1"
    )
    let text = ShellExports(credentials: credentials).text
    #expect(text.contains(#"export AWS_SECRET_ACCESS_KEY='it'\''s $HOME'"#))
    #expect(text.contains("export AWS_ENDPOINT_URL_CODEARTIFACT='http://127.0.0.1:1'\n"))
  }
}
