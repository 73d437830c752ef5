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

  @Test(arguments: [
    "/npm/d/c-1/t/-/user/token/npm_0123456789", "http://aws:hunter2@host/path",
    "/x/%6c%61%72%64%65%72%5f", "/x/%256c%2561%2572%2564%2565%2572%255f", "/x/l%61rder_",
    "/x/bGFyZGVyX", "tool (Bearer 0123456789abcdef)", "tool basic dXNlcjpwYXNzd29yZA==",
    "/x?X-Amz-Signature=0123456789", "/x?x-amz-security-token=IQoJb3JpZ2luX2Vj",
    "/x/YXdzO", "/x/eyJhbGciOiJSUzI1NiJ9.e30.", "/x/%65yJhbGciOiJSUzI1NiJ9%2Ee30%2E",
  ])
  func `a secret is hidden however it is written`(text: String) throws {
    let secret = "Zq9Zq9Zq9Zq9Zq9Zq9Zq9Zq9Zq9Zq9Zq9Zq9Zq9Zq9"
    let isAlone =
      text.contains("npm_") || text.contains("hunter2") || text.contains("0123")
      || text.contains("dXNl") || text.contains("IQoJ")
    let whole = isAlone ? text : text + secret
    let masked = SecretMask.masking(whole)
    #expect(masked.contains(SecretMask.hidden), "\(masked)")
    for part in [secret, "0123456789", "hunter2", "dXNlcjpw", "IQoJb3Jp"] {
      #expect(!masked.contains(part), "\(masked)")
    }
    #expect(SecretMask.masked(Array(whole.utf8)) == Array(masked.utf8))
  }

  @Test(arguments: [
    "/pypi/larder_x/eyJoy", "/npm/larder_tools-for-everything", "/npm/@scope/name", "100%",
    "the password of Basic authentication or as Bearer.", "https://host:80/@scope/x",
    "/npm/-/user/org.couchdb.user:ann", "",
  ])
  func `words that only begin like a secret stay`(text: String) {
    #expect(SecretMask.masking(text) == text)
  }

  @Test func `the line of a repeated read is what it would be alone`() throws {
    let record = AuditRecord(region: "us-east-1")
    var templates = AuditTemplates(record)
    let ways: [(inout AuditEntry) -> Void] = [
      { _ in }, { $0.milliseconds += 999 }, { $0.milliseconds += 86_400_000 }, { $0.id = "r-2" },
      { $0.byteCount = 0 }, { $0.byteCount = .max }, { $0.path += "x" }, { $0.method = "HEAD" },
      { $0.agent = #"a "quoted" agent"# }, { $0.peer = "::1" }, { $0.status = 304 },
      { $0.status = 404 }, { $0.isCutOff = true }, { $0.notes.caller = nil },
      { $0.notes.caller?.accessKeyID = nil }, { $0.notes.caller?.issuedAt = 5 },
      { $0.notes.resources = ["arn:aws:codeartifact:us-east-1:1:domain/x"] },
      { $0.notes.event = "PublishPackageVersion" },
      { $0.notes.failure = .init(code: "E", message: "m") },
      { $0.path = "/9999-12-31T23:59:59Z/7b1f5b52-0000-4000-8000-request00000" },
      { $0.agent = "7b1f5b52-0000-4000-8000-event0000000 18446744073709551557" },
    ]
    for round in 0..<3 {
      for (index, change) in ways.enumerated() {
        var call = entry {
          $0.followsFromAddress = true
          $0.target = $0.resources.first
          $0.resources = []
        }
        change(&call)
        let name = "e-\(round)-\(index)"
        var line: [UInt8] = []
        templates.append(call, eventID: name, to: &line)
        let alone = record.line(for: call, eventID: name)
        #expect(
          line == alone,
          "\(String(decoding: line, as: UTF8.self)) \(String(decoding: alone, as: UTF8.self))"
        )
      }
    }
  }

  @Test func `a call that was refused early is about what its address names`() throws {
    let (record, _) = try record(
      of: entry(status: 403) {
        $0.resources = []
        $0.target = "arn:aws:codeartifact:us-east-1:111122223333:domain/corp"
      }
    )
    let names = record["resources"]?.array?.compactMap { $0["ARN"]?.string }
    #expect(names == ["arn:aws:codeartifact:us-east-1:111122223333:domain/corp"])
  }

  @Test func `an answer that did not get through is no success`() throws {
    var call = entry()
    call.isCutOff = true
    let (record, _) = try record(of: call)
    #expect(record["errorCode"]?.string == "IncompleteTransfer")
    #expect(AuditFilter.outcome(of: record) == .failed)
  }

  @Test func `web tokens are hidden`() {
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
