import Access
import Testing

@Suite("Reading policies")
struct PolicyReadingTests {
  /// Documents in the forms that the user guides show.
  @Test(arguments: [
    // A domain shared with another account (codeartifact.md 13).
    #"""
    {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[
      "codeartifact:DescribeDomain","codeartifact:GetAuthorizationToken",
      "codeartifact:ListRepositoriesInDomain","codeartifact:CreateRepository"],
      "Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Resource":"*"}]}
    """#,
    // A single statement instead of a list, an organisation's condition.
    #"""
    {"Version":"2012-10-17","Statement":{"Sid":"Domain policy, for all","Effect":"Allow",
      "Principal":"*","Action":"codeartifact:GetAuthorizationToken","Resource":"*",
      "Condition":{"StringEquals":{"aws:PrincipalOrgID":["o-xxxxxxxxxxx"]}}}}
    """#,
    // Everyone but some, everything but something.
    #"""
    {"Version":"2008-10-17","Id":"x","Statement":[{"Effect":"Deny","NotPrincipal":{"AWS":[
      "123456789012","arn:aws:iam::123456789012:user/path/ada",
      "arn:aws:sts::123456789012:assumed-role/ci/build"]},"NotAction":["codeartifact:Get*","s3:?"],
      "NotResource":"arn:aws:codeartifact:*:*:package/corp/*"}]}
    """#,
    #"""
    {"Statement":[{"Effect":"Allow","Principal":{"Service":"x.amazonaws.com","Federated":
      "accounts.google.com","CanonicalUser":"79a5"},"Action":"*","Resource":"*"}]}
    """#,
  ])
  func `what the guides show is taken`(text: String) throws {
    let policy = try PolicyDocument(text, kind: .resource)
    #expect(policy.statements.count == 1)
  }

  @Test func `the policy of read-only access is taken as an identity's`() throws {
    let policy = try PolicyDocument(
      #"""
      {"Version":"2012-10-17","Statement":[{"Sid":"Read","Action":["codeartifact:Describe*",
      "codeartifact:Get*","codeartifact:List*","codeartifact:ReadFromRepository"],
      "Effect":"Allow","Resource":"*"},{"Effect":"Allow","Action":"sts:GetServiceBearerToken",
      "Resource":"*","Condition":{"StringEquals":{"sts:AWSServiceName":
      "codeartifact.amazonaws.com"}}}]}
      """#,
      kind: .identity
    )
    #expect(policy.version == .v2012)
    #expect(policy.statements.map(\.sid) == ["Read", nil])
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var kind = PolicyDocument.Kind.resource
    let text: String
    let path: String
    var line = 1
    let column: Int
    let reason: String

    var testDescription: String { reason }
  }

  /// Each of them once, with the place where an editor would put its mark.
  @Test(arguments: faults)
  func `a fault is shown where it is`(fault: Case) {
    let error = #expect(throws: PolicyFault.self) {
      try PolicyDocument(fault.text, kind: fault.kind)
    }
    #expect(error?.path == fault.path)
    #expect(error?.line == fault.line)
    #expect(error?.column == fault.column, "\(error?.message ?? "")")
    #expect(error?.reason.contains(fault.reason) == true, "\(error?.reason ?? "")")
  }

  private static let tail = #""Principal":"*","Action":"a:b","Resource":"*""#

  private static let faults = [
    Case(text: "", path: "", column: 1, reason: "ends too early"),
    Case(text: "[]", path: "", column: 1, reason: "a policy is an object, not an array"),
    Case(text: "{}", path: "", column: 1, reason: "no element \"Statement\""),
    Case(text: "{} x", path: "", column: 4, reason: "text after the end"),
    Case(text: #"{"Statement":[]}"#, path: "Statement", column: 14, reason: "list is empty"),
    Case(text: #"{"Statement":[{}]}"#, path: "Statement[0]", column: 15, reason: "\"Effect\""),
    Case(
      text: "{\n  \"Statement\": [{\n    \"Efect\": \"Allow\"}]}",
      path: "Statement[0].Efect",
      line: 3,
      column: 5,
      reason: "a statement has no element \"Efect\""
    ),
    Case(
      text: "{\r\n\"Ä\":\"ä\", \"Ä\":1}",
      path: "[\"Ä\"]",
      line: 2,
      column: 10,
      reason: "appears twice"
    ),
    Case(
      text: #"{"Version":"2012-10-18","Statement":{"Effect":"Allow",\#(tail)}}"#,
      path: "Version",
      column: 12,
      reason: "2008-10-17 or 2012-10-17"
    ),
    Case(
      text: #"{"Statement":{"Effect":"allow",\#(tail)}}"#,
      path: "Statement.Effect",
      column: 24,
      reason: "\"Allow\" or \"Deny\""
    ),
    Case(
      text: #"{"Statement":{"Effect":"Allow","NotAction":"a:c",\#(tail)}}"#,
      path: "Statement.Action",
      column: 66,
      reason: "either \"Action\" or \"NotAction\""
    ),
    Case(
      text: #"{"Statement":{"Effect":"Allow","Principal":"*","Resource":"*"}}"#,
      path: "Statement",
      column: 14,
      reason: "neither \"Action\" nor \"NotAction\""
    ),
    Case(
      text: #"{"Statement":{"Effect":"Allow","Principal":"*","Action":[],"Resource":"*"}}"#,
      path: "Statement.Action",
      column: 57,
      reason: "list is empty"
    ),
    Case(
      text:
        #"{"Statement":{"Effect":"Allow","Principal":"*","Action":["a:b","ab"],"Resource":"*"}}"#,
      path: "Statement.Action[1]",
      column: 64,
      reason: "\"ab\" is no action"
    ),
    Case(
      text: #"{"Statement":{"Effect":"Allow","Principal":"*","Action":"*"}}"#,
      path: "Statement",
      column: 14,
      reason: "neither \"Resource\" nor"
    ),
    Case(
      text:
        #"{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"arn:aws:x"}}"#,
      path: "Statement.Resource",
      column: 72,
      reason: "six parts"
    ),
    Case(
      text: #"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
      path: "Statement",
      column: 14,
      reason: "neither \"Principal\" nor \"NotPrincipal\""
    ),
    Case(
      text:
        #"{"Statement":{"Effect":"Allow","Principal":{"AWS":"ada"},"Action":"*","Resource":"*"}}"#,
      path: "Statement.Principal.AWS",
      column: 51,
      reason: "no principal"
    ),
    Case(
      text:
        #"{"Statement":{"Effect":"Allow","Principal":{"Aws":"*"},"Action":"*","Resource":"*"}}"#,
      path: "Statement.Principal.Aws",
      column: 45,
      reason: "no principals of type"
    ),
    Case(
      text: #"{"Statement":{"Effect":"Allow","Principal":{},"Action":"*","Resource":"*"}}"#,
      path: "Statement.Principal",
      column: 44,
      reason: "names nobody"
    ),
    Case(
      kind: .identity,
      text: #"{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}"#,
      path: "Statement.Principal",
      column: 44,
      reason: "names no principals"
    ),
    Case(
      kind: .trust,
      text: #"{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}"#,
      path: "Statement.Resource",
      column: 72,
      reason: "names no resources"
    ),
    Case(
      kind: .identity,
      text: #"{"Statement":{"Sid":"a b","Effect":"Allow","Action":"*","Resource":"*"}}"#,
      path: "Statement.Sid",
      column: 21,
      reason: "letters and digits"
    ),
    Case(
      text:
        #"{"Statement":[{"Sid":"a","Effect":"Allow",\#(tail)},{"Sid":"a","Effect":"Deny",\#(tail)}]}"#,
      path: "Statement[1]",
      column: 90,
      reason: "has the Sid \"a\" already"
    ),
    Case(
      text: #"{"Statement":{"Effect":"Allow",\#(tail),"Condition":{"StringIs":{"aws:x":"y"}}}}"#,
      path: "Statement.Condition.StringIs",
      column: 91,
      reason: "no condition operator"
    ),
    Case(
      text: #"{"Statement":{"Effect":"Allow",\#(tail),"Condition":{"Bool":{}}}}"#,
      path: "Statement.Condition.Bool",
      column: 98,
      reason: "has no keys"
    ),
    Case(
      text: #"{"Statement":{"Effect":"Allow",\#(tail),"Condition":{"Bool":{"SourceIp":"y"}}}}"#,
      path: "Statement.Condition.Bool.SourceIp",
      column: 99,
      reason: "no condition key"
    ),
    Case(
      text:
        #"{"Statement":{"Effect":"Allow",\#(tail),"Condition":{"IpAddress":{"aws:SourceIp":"300.0.0.0/8"}}}}"#,
      path: #"Statement.Condition.IpAddress["aws:SourceIp"]"#,
      column: 119,
      reason: "nothing that IpAddress can compare"
    ),
  ]

  @Test func `a resource's policy has at most 7168 characters`() throws {
    let text = #"{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}"#
    let padded = text + String(repeating: " ", count: 7168 - text.count)
    _ = try PolicyDocument(padded, kind: .resource)
    let error = #expect(throws: PolicyFault.self) {
      try PolicyDocument(padded + " ", kind: .resource)
    }
    #expect(error?.column == 7169)
    #expect(error?.reason.contains("7169") == true)
  }

  @Test func `hostile text is refused and never more than that`() {
    var generator = SeededGenerator(seed: 0x5EED)
    let sample = Array(
      #"""
      {"Version":"2012-10-17","Statement":[{"Sid":"a\u0041\ud83d\ude00","Effect":"Allow",
      "Principal":{"AWS":["123456789012","*"]},"Action":["a:*"],"Resource":"arn:a:b:c:d:${aws:x}*",
      "Condition":{"ForAnyValue:StringLikeIfExists":{"aws:TagKeys":["a?","${*}"]},"DateLessThan":
      {"aws:CurrentTime":"2026-01-01T00:00:00Z"},"IpAddress":{"aws:SourceIp":"::ffff:1.2.3.4"},
      "NumericLessThan":{"s:x":-1.5e3},"Null":{"a:b":true},"BinaryEquals":{"a:b":"QUI="}}}]}
      """#.utf8
    )
    var read = 0
    for _ in 0..<20_000 {
      var bytes = sample
      for _ in 0..<Int.random(in: 0...4, using: &generator) {
        let index = Int.random(in: bytes.indices, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &generator)
        case 1: bytes.remove(at: index)
        default: bytes.insert(sample.randomElement(using: &generator) ?? 0x7B, at: index)
        }
      }
      if Int.random(in: 0..<10, using: &generator) == 0 {
        bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator))
      }
      do {
        let policy = try PolicyDocument(String(decoding: bytes, as: UTF8.self), kind: .resource)
        _ = policy.effect(on: PolicySamples.request())
        read += 1
      } catch {
        #expect(error.line >= 1 && error.column >= 1)
      }
    }
    #expect(read > 1000, "the samples are too broken to say anything")
    #expect(throws: PolicyFault.self) {
      try PolicyDocument(String(repeating: "[", count: 5000), kind: .resource)
    }
  }
}

/// SplitMix64: the same numbers for the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
