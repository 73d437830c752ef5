import Exchange
import FormatRules
import Testing

@testable import Audit

@Suite("Audit records")
struct AuditRecordTests {
  private func record(of entry: AuditEntry) throws -> (JSONValue, String) {
    let line = AuditRecord(region: "us-east-1").line(for: entry, eventID: "e-1")
    #expect(line.last == UInt8(ascii: "\n"))
    return (try JSONReader.read(line.dropLast()), String(decoding: line, as: UTF8.self))
  }

  @Test func `a read is a record in CloudTrail's form`() throws {
    let (record, text) = try record(of: entry())
    #expect(
      text == """
        {"eventVersion":"1.05","userIdentity":{"type":"IAMUser","principalId":"anna",\
        "arn":"arn:aws:iam::111122223333:user/anna","accountId":"111122223333",\
        "accessKeyId":"AKIAEXAMPLE","userName":"anna"},"eventTime":"2026-01-31T12:00:00Z",\
        "eventSource":"codeartifact.amazonaws.com","eventName":"ReadFromRepository",\
        "awsRegion":"us-east-1","sourceIPAddress":"10.1.2.3","userAgent":"pip/25.0",\
        "requestParameters":{"repositoryName":"tools","packageName":"flask"},\
        "responseElements":null,"additionalEventData":{"httpMethod":"GET",\
        "requestUri":"/pypi/d/corp-111122223333/tools/simple/flask/","httpStatus":200,\
        "bytesTransferredOut":7},"requestID":"r-1","eventID":"e-1","readOnly":true,\
        "resources":[{"accountId":"111122223333",\
        "ARN":"arn:aws:codeartifact:us-east-1:111122223333:repository/corp/tools",\
        "type":"AWS::CodeArtifact::Repository"}],"eventType":"AwsApiCall",\
        "recipientAccountId":"111122223333"}

        """
    )
    #expect(record["errorCode"] == nil)
  }

  @Test func `a role's session is told with the role behind it`() throws {
    let (record, _) = try record(
      of: entry {
        $0.caller = CallNotes.Caller(
          account: "111122223333",
          arn: "arn:aws:sts::111122223333:assumed-role/ci/build-17",
          accessKeyID: "ASIAEXAMPLE",
          id: "AROAEXAMPLE:build-17",
          role: "arn:aws:iam::111122223333:role/ci",
          issuedAt: 1_769_860_800
        )
      }
    )
    let identity = record["userIdentity"]
    #expect(identity?["type"]?.string == "AssumedRole")
    #expect(identity?["principalId"]?.string == "AROAEXAMPLE:build-17")
    let issuer = identity?["sessionContext"]?["sessionIssuer"]
    #expect(issuer?["arn"]?.string == "arn:aws:iam::111122223333:role/ci")
    #expect(issuer?["principalId"]?.string == "AROAEXAMPLE")
    let attributes = identity?["sessionContext"]?["attributes"]
    #expect(attributes?["creationDate"]?.string == "2026-01-31T12:00:00Z")
  }

  @Test func `an anonymous call is on record, with the account it was for`() throws {
    let (record, _) = try record(
      of: entry(status: 401) {
        $0.caller = nil
        $0.owner = "999988887777"
        $0.failure = .init(code: "UnrecognizedClientException", message: "Scheme 'hush' is none")
      }
    )
    #expect(record["userIdentity"]?["accountId"]?.string == "ANONYMOUS_PRINCIPAL")
    #expect(record["recipientAccountId"]?.string == "999988887777")
    #expect(record["errorCode"]?.string == "UnrecognizedClientException")
    #expect(record["errorMessage"]?.string == "Scheme '…' is none")
  }

  @Test func `a failure that nobody explained is named by its status`() throws {
    for (status, code) in [(403, "AccessDenied"), (404, "ResourceNotFoundException")] {
      let (record, _) = try record(of: entry(status: status))
      #expect(record["errorCode"]?.string == code)
    }
  }

  @Test func `of a signature that does not match only the first line is kept`() throws {
    let (record, text) = try record(
      of: entry("DescribeDomain", status: 403) {
        $0.caller = nil
        $0.failure = .init(
          code: "InvalidSignatureException",
          message: "It does not match.\n\nx-amz-security-token:hush-hush"
        )
      }
    )
    #expect(record["errorMessage"]?.string == "It does not match.")
    #expect(!text.contains("hush"))
  }

  @Test func `a token in a path or an agent is hidden`() throws {
    let token = "larder_" + String(repeating: "aB3-_", count: 8)
    var call = entry(path: "/npm/d/corp-111122223333/tools/-/user/token/\(token)")
    call.agent = "tool (\(token))"
    let (_, text) = try record(of: call)
    #expect(!text.contains(token))
    #expect(text.contains("/-/user/token/HIDDEN_DUE_TO_SECURITY_REASONS\""))
  }

  @Test func `words that only begin like a secret stay`() {
    #expect(SecretMask.masking("/pypi/larder_x/eyJoy") == "/pypi/larder_x/eyJoy")
    #expect(SecretMask.masking("a eyJhbGciOiJSUzI1NiJ9.e30.c2ln b").contains("a HIDDEN"))
  }

  @Test func `tokens are no reading, and lists are`() {
    var notes = CallNotes()
    for (event, isReadOnly) in [
      ("GetAuthorizationToken", false), ("ListDomains", true), ("ReadFromRepository", true),
      ("DescribeDomain", true), ("CopyPackageVersions", false), ("AssumeRole", true),
    ] {
      notes.event = event
      #expect(notes.isReadOnly == isReadOnly, "\(event)")
    }
  }

  @Test(arguments: [0, 951_782_399_999, 951_868_800_000, 1_769_860_800_123, 4_102_444_799_001])
  func `times are read as they are written`(milliseconds: UInt64) {
    #expect(AuditTime.fileMilliseconds(AuditTime.fileText(milliseconds)) == milliseconds)
    let whole = milliseconds / 1000 * 1000
    #expect(AuditTime.milliseconds(AuditTime.text(milliseconds)) == whole)
  }

  @Test func `leap days are days`() {
    #expect(AuditTime.text(951_782_400_000) == "2000-02-29T00:00:00Z")
    #expect(AuditTime.milliseconds("2000-02-29T00:00:00Z") == 951_782_400_000)
    #expect(AuditTime.milliseconds("2000-13-29T00:00:00Z") == nil)
    #expect(AuditTime.milliseconds("yesterday at about noon.Z") == nil)
  }
}
