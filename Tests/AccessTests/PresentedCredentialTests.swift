import Access
import Testing

@Suite("Presented credentials")
struct PresentedCredentialTests {
  @Test(arguments: [
    "Bearer larder_abc", "bearer   larder_abc", "larder_abc", "  larder_abc\r\n",
    "Basic YXdzOmxhcmRlcl9hYmM=", "Basic YXdzOmxhcmRlcl9hYmM", "basic X190b2tlbl9fOmxhcmRlcl9hYmM=",
    "Basic OmxhcmRlcl9hYmM=", "Basic bGFyZGVyX2FiYzo=", "Basic bGFyZGVyX2FiYw==",
    "Basic YXdzOmxhcmRlcl9hYmMNCg==", "Bearer larder_abc\n",
  ])
  func `one token is found in every wrapping`(value: String) {
    #expect(PresentedCredential(authorization: value) == .token("larder_abc"))
  }

  @Test func `a password may contain colons`() {
    #expect(PresentedCredential(authorization: "Basic YTpiOmM=") == .token("b:c"))
  }

  @Test func `a signature is left for the verifier`() {
    let value = "AWS4-HMAC-SHA256 Credential=a"
    #expect(PresentedCredential(authorization: value) == .signature(value))
  }

  @Test(arguments: [
    "", "   ", "Bearer", "Bearer  ", "Basic", "Basic !!!", "Basic Og==", "Digest x=y",
  ])
  func `what can be no credential is called malformed`(value: String) {
    guard case .malformed(let reason) = PresentedCredential(authorization: value) else {
      Issue.record("\(value) was read as a credential")
      return
    }
    #expect(reason.hasSuffix("."))
  }
}
