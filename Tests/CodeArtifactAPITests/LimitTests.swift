@testable import CodeArtifactAPI
import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository
import Testing

@Suite("Limits of the model")
struct LimitTests {
  @Test(arguments: [
    ("ab", true), ("a1", true), ("a-b", true), (String(repeating: "a", count: 50), true),
    ("a", false), ("", false), (String(repeating: "a", count: 51), false), ("1a", false),
    ("a-", false), ("-a", false), ("Ab", false), ("a_b", false), ("a.b", false), ("aé", false),
    ("ab\n", false),
  ])
  func `domain names`(name: String, isValid: Bool) {
    #expect(StringShape.domainName.violations(of: name).isEmpty == isValid)
  }

  @Test(arguments: [
    ("r1", true), ("A._-", true), (String(repeating: "9", count: 100), true), ("r", false),
    (".r", false), ("r/1", false), ("r:1", false), (String(repeating: "9", count: 101), false),
    ("r1\n", false), ("rü", false),
  ])
  func `repository names`(name: String, isValid: Bool) {
    #expect(StringShape.repositoryName.violations(of: name).isEmpty == isValid)
  }

  @Test(arguments: [
    ("public:pypi", true), ("a:", true), (":a", false), ("a/b", false), ("a", false),
  ])
  func `names of external connections`(name: String, isValid: Bool) {
    #expect(StringShape.externalConnectionName.violations(of: name).isEmpty == isValid)
  }

  @Test(arguments: [
    ("123456789012", true), ("000000000000", true), ("12345678901", false),
    ("1234567890123", false), ("12345678901x", false), ("１23456789012", false),
  ])
  func `account numbers`(number: String, isValid: Bool) {
    #expect(StringShape.accountID.violations(of: number).isEmpty == isValid)
  }

  @Test(arguments: [
    ("left-pad", true), ("日本", true), (String(repeating: "😀", count: 255), true),
    (String(repeating: "😀", count: 256), false), ("", false), ("a/b", false), ("a#b", false),
    ("a b", false), ("a\tb", false), ("a\u{301}/", false),
    ("caf\u{E9}", true), ("cafe\u{301}", false), ("\u{212A}", false), ("\u{2126}", false),
    ("\u{F900}", false), ("x\u{302}", true), ("\u{995}\u{9BE}", true),
  ])
  func `package names, counted in characters`(name: String, isValid: Bool) {
    #expect(StringShape.packageName.violations(of: name).isEmpty == isValid)
  }

  @Test(arguments: [
    ("a b.whl", true), ("a/b", true), ("", false), ("a\u{7}", false), ("a\u{200B}", false),
    ("\u{E000}", false), ("\u{378}", false), (String(repeating: "a", count: 256), false),
    ("caf\u{E9}", true), ("cafe\u{301}", false), ("\u{212A}", false),
  ])
  func `asset names`(name: String, isValid: Bool) {
    #expect(StringShape.assetName.violations(of: name).isEmpty == isValid)
  }

  @Test func `each broken limit is told in AWS's words`() {
    #expect(
      StringShape.accountID.violations(of: "x") == [
        "Member must satisfy regular expression pattern: [0-9]{12}",
        "Member must have length greater than or equal to 12",
      ]
    )
    #expect(
      StringShape.description.violations(of: String(repeating: "a", count: 1001)) == [
        "Member must have length less than or equal to 1000"
      ]
    )
  }

  @Test(arguments: [
    ("1.01.1", "1.1.1"), ("1.0.0.0", "1.0.0"), ("1.0.0.1", "1.0.0.1"), ("1.0+build.5", "1.0"),
    ("01.2.3-beta.01+x", "1.2.3-beta.01"), ("1.0.0.00", "1.0.0"), ("1", "1"), ("0.0", "0.0"),
  ])
  func `NuGet versions are normalised, others are not`(version: String, expected: String) {
    #expect(PackageRules.normalizedVersion(version, in: .nuget) == expected)
    #expect(PackageRules.normalizedVersion(version, in: .npm) == version)
  }

  @Test func `names are normalised where the service does it for its callers`() {
    for format in PackageFormat.allCases {
      let isFolded = format == .nuget || format == .swift
      #expect(PackageRules.normalized("Name.X", in: format) == (isFolded ? "name.x" : "Name.X"))
    }
  }
}

@Suite("Refusals of the API")
struct RefusalTests {
  @Test func `of many mistakes and of long ones are short`() throws {
    var input = try OperationInput(target: Target("/"), body: [])
    for _ in 0..<1000 {
      input.note("m", value: String(repeating: "😀", count: 1000), "Member must be good")
    }
    do throws(Fault) { try input.finish() } catch {
      #expect(error.message.hasPrefix("1000 validation errors detected: Value '😀"))
      #expect(error.message.hasSuffix("; and 950 more"))
      #expect(
        error.message.contains("😀…' at 'm' failed to satisfy constraint: Member must be good")
      )
      #expect(error.message.unicodeScalars.count < 20_000)
      return
    }
    Issue.record("nothing was refused")
  }
}

@Suite("The API's errors")
struct ErrorTableTests {
  @Test(arguments: RepositoryError.Code.allCases)
  func `every kind of failure has a row`(code: RepositoryError.Code) {
    #expect(ErrorTable.rows[code] != nil)
  }

  /// `ThrottlingException` and its kin: HTTP statuses of the model's own exceptions.
  @Test(
    arguments: [
      (.accessDenied, 403, "AccessDeniedException"), (.conflict, 409, "ConflictException"),
      (.internalFailure, 500, "InternalServerException"),
      (.notFound, 404, "ResourceNotFoundException"),
      (.quotaExceeded, 402, "ServiceQuotaExceededException"),
      (.throttled, 429, "ThrottlingException"), (.validation, 400, "ValidationException"),
    ] as [(RepositoryError.Code, Int, String)]
  )
  func `the model's exceptions have the model's statuses`(
    code: RepositoryError.Code,
    status: Int,
    exception: String
  ) {
    let reply = Fault(RepositoryError(code, "text")).reply
    #expect(reply.status.code == status)
    #expect(reply.headers[.amznErrorType] == exception)
  }

  @Test func `a failure inside is told to the log, and to callers only that it was`() throws {
    let fault = Fault(RepositoryError(.internalFailure, "no such table: /data/catalog.sqlite"))
    #expect(fault.details?.contains("catalog.sqlite") == true)
    #expect(!fault.message.contains("catalog"))
    #expect(fault.message.contains("request id"))
  }

  @Test func `an error carries what the model gives it, and nothing empty`() throws {
    let error = RepositoryError(
      .conflict,
      "line\nbreak \"quoted\"",
      resourceID: "corp",
      resourceType: .packageVersion,
      reason: .other
    )
    let answer = try Answer(Fault(error).reply)
    #expect(
      answer.text
        == #"{"message":"line\nbreak \"quoted\"","resourceId":"corp","#
        + #""resourceType":"package-version"}"#
    )
  }

  @Test(
    arguments: [
      (nil, nil), (.seconds(5), "5"), (.milliseconds(1200), "2"), (.zero, "1"),
    ] as [(Duration?, String?)]
  )
  func `whole seconds say when to come back`(wait: Duration?, header: String?) {
    let error = RepositoryError(.upstreamUnavailable, "text", retryAfter: wait)
    #expect(Fault(error).reply.headers[.retryAfter] == header)
  }

  @Test func `an exception without room for a resource names none`() throws {
    let error = RepositoryError(
      .validation,
      "text",
      resourceID: "corp",
      resourceType: .domain,
      reason: .other
    )
    #expect(try Answer(Fault(error).reply).text == #"{"message":"text","reason":"OTHER"}"#)
  }

  @Test func `throttling always says when to come back`() {
    #expect(Fault(RepositoryError(.throttled, "text")).reply.headers[.retryAfter] == "1")
  }

  @Test(
    arguments: [
      (1_583_075_193_861_000, "1583075193.861"), (1_700_000_000_000_000, "1700000000"),
      (1_700_000_000_005_999, "1700000000.005"), (0, "0"), (-1_500_000, "-1.500"),
    ] as [(Int64, String)]
  )
  func `moments are seconds since the epoch, to the millisecond`(
    microseconds: Int64,
    text: String
  ) {
    #expect(JSONValue.time(Timestamp(microseconds: microseconds)) == .number(text))
  }
}
