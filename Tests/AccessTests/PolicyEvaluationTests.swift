import Access
import Testing

@Suite("What a statement is about")
struct PolicyMatchingTests {
  private func policy(_ statement: String) throws -> PolicyDocument {
    try PolicyDocument(
      #"{"Version":"2012-10-17","Statement":{"Effect":"Allow",\#(statement)}}"#,
      kind: .resource
    )
  }

  @Test(arguments: [
    ("codeartifact:ReadFromRepository", true), ("CODEARTIFACT:readfromrepository", true),
    ("codeartifact:Read*", true), ("codeartifact:*Repository", true), ("*", true),
    ("codeartifact:ReadFromRepositor?", true), ("codeartifact:ReadFromRepository?", false),
    ("codeartifact:Write*", false), ("s3:*", false), ("codeartifact:R*m*y", true),
    ("codeartifact:R*mm*y", false),
  ])
  func `actions are compared without case, and have wildcards`(
    action: String,
    matches: Bool
  ) throws {
    let allowing = try policy(#""Principal":"*","Action":"\#(action)","Resource":"*""#)
    let excepting = try policy(#""Principal":"*","NotAction":"\#(action)","Resource":"*""#)
    #expect(allowing.effect(on: PolicySamples.request()) == (matches ? .allow : nil))
    #expect(excepting.effect(on: PolicySamples.request()) == (matches ? nil : .allow))
  }

  @Test(arguments: [
    ("*", true), (PolicySamples.repository, true), (PolicySamples.repository.uppercased(), false),
    ("arn:aws:codeartifact:*:*:repository/corp/*", true),
    ("arn:aws:codeartifact:us-east-1:111122223333:repository/*", true),
    ("arn:aws:codeartifact:us-east-?:111122223333:*", true),
    ("arn:aws:codeartifact:*:repository/corp/r1:x", false),
    ("arn:aws:codeartifact:us-east-1:111122223333:package/*", false),
    ("arn:aws:codeartifact:us-east-1:111122223333:repository/${aws:PrincipalTag/none}*", false),
  ])
  func `resources are compared part by part`(resource: String, matches: Bool) throws {
    guard resource.hasPrefix("arn") || resource == "*" else { return }
    let allowing = try policy(#""Principal":"*","Action":"*","Resource":"\#(resource)""#)
    #expect(allowing.effect(on: PolicySamples.request()) == (matches ? .allow : nil))
    guard !resource.contains("$") else { return }
    let excepting = try policy(#""Principal":"*","Action":"*","NotResource":["\#(resource)"]"#)
    #expect(excepting.effect(on: PolicySamples.request()) == (matches ? nil : .allow))
  }

  @Test func `an exception that cannot be known excepts everything`() throws {
    let excepting = try policy(
      #""Principal":"*","Action":"*","NotResource":"arn:aws:x:::${aws:PrincipalTag/none}""#
    )
    #expect(excepting.effect(on: PolicySamples.request()) == nil)
  }

  @Test func `a star in a variable's value is an asterisk`() throws {
    let star = Principal(
      account: PolicySamples.owner,
      arn: "arn:aws:iam::111122223333:user/star",
      isAdministrator: false,
      tags: ["repository": "*"]
    )
    let policy = try policy(
      #"""
      "Principal":"*","Action":"*",
      "Resource":"arn:aws:codeartifact:*:*:repository/corp/${aws:PrincipalTag/repository}"
      """#
    )
    #expect(policy.effect(on: PolicySamples.request(star)) == nil)
    let named = Principal(
      account: PolicySamples.owner,
      arn: "arn:aws:iam::111122223333:user/named",
      isAdministrator: false,
      tags: ["Repository": "r1"]
    )
    #expect(policy.effect(on: PolicySamples.request(named)) == .allow)
  }

  @Test(arguments: [
    (#"{"AWS":"*"}"#, ["ada", "eve", "ci", "nobody"]), (#""*""#, ["ada", "eve", "ci", "nobody"]),
    (#"{"AWS":"111122223333"}"#, ["ada", "ci"]),
    (#"{"AWS":"arn:aws:iam::111122223333:root"}"#, ["ada", "ci"]),
    (#"{"AWS":["arn:aws:iam::111122223333:user/ada","444455556666"]}"#, ["ada", "eve"]),
    (#"{"AWS":"arn:aws:iam::111122223333:role/ci"}"#, ["ci"]),
    (#"{"AWS":"arn:aws:sts::111122223333:assumed-role/ci/build-1"}"#, ["ci"]),
    (#"{"AWS":"arn:aws:sts::111122223333:assumed-role/ci/build-2"}"#, []),
    (#"{"Service":"x.amazonaws.com","Federated":"arn:aws:iam::1:oidc"}"#, []),
  ])
  func `principals are meant by name, by role, by account or all`(
    principal: String,
    names: [String]
  ) throws {
    let people = [
      "ada": PolicySamples.user("ada"), "eve": PolicySamples.user("eve", of: PolicySamples.other),
      "ci": PolicySamples.session(of: "ci", "build-1"), "nobody": Principal.anonymous,
    ]
    let allowing = try policy(#""Principal":\#(principal),"Action":"*","Resource":"*""#)
    let excepting = try policy(#""NotPrincipal":\#(principal),"Action":"*","Resource":"*""#)
    for (name, person) in people {
      let isMeant = names.contains(name)
      let request = PolicySamples.request(person)
      #expect(allowing.effect(on: request) == (isMeant ? .allow : nil), "\(name)")
      // Nobody in particular is let in by a star and by nothing else.
      let isLet = !isMeant && name != "nobody"
      #expect(excepting.effect(on: request) == (isLet ? .allow : nil), "all but \(name)")
    }
  }
}

@Suite("Conditions of policies")
struct PolicyConditionTests {
  private static var context: AccessContext {
    var context = AccessContext(
      sourceAddress: "203.0.113.7",
      userAgent: "npm/10.2 node/v20",
      isSecure: true,
      microseconds: 1_700_000_000_250_000
    )
    context.requestTags = ["team": "core", "stage": "test"]
    context.resourceTags = ["Owner": "ada"]
    return context.adding("sts:DurationSeconds", "3600")
  }

  @Test(arguments: [
    (#"{"StringEquals":{"aws:username":"ada"}}"#, true),
    (#"{"StringEquals":{"AWS:UserName":["eve","ada"]}}"#, true),
    (#"{"StringEquals":{"aws:username":"Ada"}}"#, false),
    (#"{"StringEqualsIgnoreCase":{"aws:username":"ADA"}}"#, true),
    (#"{"StringNotEquals":{"aws:username":"ada"}}"#, false),
    (#"{"StringNotEquals":{"aws:username":["eve","ada"]}}"#, false),
    (#"{"StringNotEqualsIgnoreCase":{"aws:username":"EVE"}}"#, true),
    (#"{"StringEquals":{"aws:username":"a*"}}"#, false),
    (#"{"StringLike":{"aws:username":"a?a"}}"#, true),
    (#"{"StringNotLike":{"aws:username":"a*"}}"#, false),
    (#"{"StringLike":{"aws:UserAgent":"npm/*"}}"#, true),
    (#"{"StringEquals":{"aws:PrincipalTag/team":"core"}}"#, true),
    (#"{"StringEquals":{"aws:principaltag/TEAM":"core"}}"#, true),
    (#"{"StringEquals":{"aws:PrincipalTag/level":"${aws:RequestTag/level, '3'}"}}"#, true),
    (#"{"StringEquals":{"aws:RequestTag/team":"${aws:PrincipalTag/team}"}}"#, true),
    (#"{"StringEquals":{"aws:ResourceTag/owner":"${aws:username}"}}"#, true),
    (#"{"StringNotEquals":{"aws:username":"${aws:PrincipalTag/none}"}}"#, false),
    (#"{"StringLike":{"aws:username":"${*}"}}"#, false),
    (#"{"StringEquals":{"aws:PrincipalAccount":"111122223333"}}"#, true),
    (#"{"StringEquals":{"aws:userid":"AIDAADA","aws:PrincipalType":"User"}}"#, true),
    (#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/a*"}}"#, true),
    (#"{"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:user/ada"}}"#, false),
    (#"{"NumericLessThanEquals":{"sts:DurationSeconds":"3600"}}"#, true),
    (#"{"NumericLessThan":{"sts:DurationSeconds":3600}}"#, false),
    (#"{"NumericGreaterThan":{"sts:DurationSeconds":"3.5e3"}}"#, true),
    (#"{"NumericNotEquals":{"sts:DurationSeconds":"3600.0"}}"#, false),
    (#"{"NumericGreaterThanEquals":{"sts:DurationSeconds":3601}}"#, false),
    (#"{"DateGreaterThan":{"aws:CurrentTime":"2023-11-14T22:13:20Z"}}"#, true),
    (#"{"DateLessThan":{"aws:CurrentTime":"2023-11-15"}}"#, true),
    (#"{"DateEquals":{"aws:CurrentTime":"2023-11-14T23:13:20.25+01:00"}}"#, true),
    (#"{"DateLessThanEquals":{"aws:EpochTime":"1700000000"}}"#, true),
    (#"{"DateNotEquals":{"aws:EpochTime":"1700000000"}}"#, false),
    (#"{"Bool":{"aws:SecureTransport":"TRUE"}}"#, true),
    (#"{"Bool":{"aws:SecureTransport":false}}"#, false),
    (#"{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","203.0.113.0/24"]}}"#, true),
    (#"{"IpAddress":{"aws:SourceIp":"203.0.113.8"}}"#, false),
    (#"{"NotIpAddress":{"aws:SourceIp":"203.0.112.0/22"}}"#, false),
    (#"{"IpAddress":{"aws:SourceIp":"::ffff:203.0.113.7"}}"#, true),
    (#"{"IpAddress":{"aws:SourceIp":"2001:db8::/32"}}"#, false),
    (#"{"Null":{"aws:MultiFactorAuthAge":"true"}}"#, true),
    (#"{"Null":{"aws:username":"true"}}"#, false),
    (#"{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}"#, false),
    (#"{"StringNotEquals":{"aws:PrincipalOrgID":"o-1"}}"#, true),
    (#"{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-1"}}"#, true),
    (#"{"StringEqualsIfExists":{"aws:username":"eve"}}"#, false),
    (#"{"ForAllValues:StringEquals":{"aws:TagKeys":["team","stage"]}}"#, true),
    (#"{"ForAllValues:StringEquals":{"aws:TagKeys":"team"}}"#, false),
    (#"{"ForAnyValue:StringEquals":{"aws:TagKeys":"team"}}"#, true),
    (#"{"ForAnyValue:StringLike":{"aws:TagKeys":"x*"}}"#, false),
    (#"{"ForAnyValue:StringNotEquals":{"aws:TagKeys":"team"}}"#, true),
    (#"{"ForAllValues:StringNotEquals":{"aws:TagKeys":"team"}}"#, false),
    (#"{"ForAllValues:StringEquals":{"aws:Nothing":"x"}}"#, true),
    (#"{"ForAnyValue:StringNotEquals":{"aws:Nothing":"x"}}"#, false),
    (#"{"StringEquals":{"aws:username":"ada","aws:PrincipalTag/team":"x"}}"#, false),
    (#"{"StringEquals":{"aws:username":"ada"},"Bool":{"aws:SecureTransport":"false"}}"#, false),
    (#"{}"#, true),
  ])
  func `a condition holds or not`(condition: String, holds: Bool) throws {
    let policy = try PolicySamples.allowing(if: condition)
    let request = PolicySamples.request(context: Self.context)
    #expect(policy.effect(on: request) == (holds ? .allow : nil))
  }

  @Test func `an older policy has no variables`() throws {
    let condition = #"{"StringEquals":{"aws:username":"${aws:username}"}}"#
    let old = try PolicySamples.allowing(if: condition, version: "2008-10-17")
    let new = try PolicySamples.allowing(if: condition)
    #expect(old.effect(on: PolicySamples.request()) == nil)
    #expect(new.effect(on: PolicySamples.request()) == .allow)
  }

  @Test(arguments: ["2001:db8::1", "2001:0db8:0:0:0:0:0:1"])
  func `an address of version 6 has many spellings`(address: String) throws {
    let policy = try PolicySamples.allowing(if: #"{"IpAddress":{"aws:SourceIp":"2001:db8::/64"}}"#)
    let request = PolicySamples.request(context: AccessContext(sourceAddress: address))
    #expect(policy.effect(on: request) == .allow)
  }

  @Test(arguments: [
    (#"{"StringEquals":{"aws:username":"x"}}"#, false),
    (#"{"StringEquals":{"aws:PrincipalTag/a":"${aws:userid}"}}"#, false),
    (#"{"StringEquals":{"aws:username":"${aws:SourceIp}"}}"#, true),
    (#"{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#, true),
    (#"{"StringEquals":{"aws:ResourceTag/a":"b"}}"#, true),
  ])
  func `a policy knows whether it looks at more than the principal`(
    condition: String,
    depends: Bool
  ) throws {
    #expect(try PolicySamples.allowing(if: condition).dependsOnRequest == depends)
  }
}
