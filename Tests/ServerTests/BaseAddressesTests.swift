import HTTPTypes
import Server
import Testing

@Suite("Base addresses")
struct BaseAddressesTests {
  private let bases = BaseAddresses(fallback: "127.0.0.1:8470")

  private func fields(_ pairs: [(String, String)]) -> HTTPFields {
    var fields: HTTPFields = [:]
    for (name, value) in pairs {
      if let name = HTTPField.Name(name) { fields[name] = value }
    }
    return fields
  }

  @Test func `documents name the host and port that the client used`() {
    #expect(bases.base(authority: "mirror:8470", headers: [:]) == "http://mirror:8470")
  }

  @Test(arguments: ["a\"b", "a/b", "a b", "", "user@host", "<script>"])
  func `a host that could break out of a document is not repeated`(host: String) {
    #expect(bases.base(authority: host, headers: [:]) == "http://127.0.0.1:8470")
  }

  @Test func `forwarded fields count only when a proxy is trusted`() {
    let headers = fields([
      ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "pkg.example.com"),
      ("X-Forwarded-Prefix", "/larder/"),
    ])
    #expect(bases.base(authority: "h", headers: headers) == "http://h")
    let trusting = BaseAddresses(trustsForwarded: true, fallback: "f")
    #expect(
      trusting.base(authority: "h", headers: headers) == "https://pkg.example.com/larder"
    )
  }

  @Test func `a door that speaks TLS says https, unless a trusted proxy says otherwise`() {
    let secure = BaseAddresses(scheme: "https", trustsForwarded: true, fallback: "f")
    #expect(secure.base(authority: "h", headers: [:]) == "https://h")
    #expect(
      secure.base(authority: "h", headers: fields([("X-Forwarded-Proto", "x")])) == "https://h"
    )
    #expect(
      secure.base(authority: "h", headers: fields([("X-Forwarded-Proto", "http")])) == "http://h"
    )
  }

  @Test func `a configured address wins over all`() {
    let fixed = BaseAddresses(configured: "https://pkg.example.com/x/", fallback: "f")
    #expect(fixed.base(authority: "h", headers: [:]) == "https://pkg.example.com/x")
  }

  @Test func `dates are written as HTTP wants them`() {
    #expect(HTTPDate.text(secondsSinceEpoch: 784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
    #expect(HTTPDate.text(secondsSinceEpoch: 951_782_400) == "Tue, 29 Feb 2000 00:00:00 GMT")
  }
}
