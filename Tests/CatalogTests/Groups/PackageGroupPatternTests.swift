import Testing

@testable import Catalog

@Suite("Patterns of package groups")
struct PackageGroupPatternTests {
  /// Reads `/format/namespace/name`.
  static func package(_ path: String) throws -> PackageCoordinates {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    try #require(parts.count == 4)
    return PackageCoordinates(
      format: try #require(PackageFormat(rawValue: parts[1])),
      namespace: parts[2].isEmpty ? nil : parts[2],
      name: parts[3]
    )
  }

  @Test(arguments: [
    "/*", "/npm/*", "/npm//*", "/npm/space/*", "/npm/space~", "/npm/space/foo-*", "/npm//react$",
    "/maven/com.anycompany~", "/maven/com.*", "/maven/org.apache.logging.log4j/log4j-core$",
    "/pypi//requests$", "/pypi//foo-*", "/nuget//newtonsoft.json$", "/swift/apple/*",
    "/ruby//été~",
    "/generic/lab/tools~", "/cargo//serde_json$", "/pypi//*",
  ]) func `is read and written back`(text: String) throws {
    let pattern = try PackageGroupPattern(reading: text)
    #expect(pattern.text == text)
    #expect(
      pattern.format?.rawValue
        == (text == "/*" ? nil : text.split(separator: "/").first.map(String.init))
    )
  }

  @Test(arguments: [
    ("npm/*", "begin with '/'"), ("/npm/react", "must end with"), ("", "must end with"),
    ("/npm*", "after a '/'"), ("/npm/foo*", "write '~'"), ("/npm/foo-~", "write '*'"),
    ("/npm//~", "after a letter"), ("/npm//$", "name of a package"), ("/npm/foo$", "no part for"),
    ("/conda/*", "no package format"), ("/npm~", "must follow the format"),
    ("/npm$", "must follow the format"), ("/npm/a/b/c$", "more parts"),
    ("/pypi/foo~", "no namespace"), ("/cargo/ns/foo$", "no namespace"),
    ("/maven//core$", "have a namespace"), ("/swift//*", "have a namespace"),
    ("/generic//x~", "have a namespace"), ("/npm/*/foo$", "at the end only"),
    ("/npm/a~/foo$", "at the end only"), ("/npm//a#b$", "in no package's name"),
    ("/nuget//Newtonsoft~", "lowercase"), ("/pypi//foo_bar$", "one '-'"),
    ("/pypi//foo--bar$", "one '-'"), ("/pypi//Django$", "lowercase"),
    ("/swift/Apple/*", "lowercase"),
    ("/*/npm$", "at the end only"), ("/$", "name of a package"),
  ]) func `is refused with a reason`(text: String, reason: String) {
    let fault = #expect(throws: PatternFault.self) { try PackageGroupPattern(reading: text) }
    #expect(fault?.reason.contains(reason) == true, "\(text): \(fault?.reason ?? "")")
  }

  @Test(arguments: [
    ("/*", "/npm//react", true), ("/npm/*", "/npm//react", true),
    ("/npm/*", "/npm/types/node", true),
    ("/npm/*", "/pypi//react", false), ("/npm//*", "/npm//react", true),
    ("/npm//*", "/npm/types/node", false), ("/npm/space/*", "/npm/space/x", true),
    ("/npm/space/*", "/npm/spaceship/x", false), ("/npm/space~", "/npm/space/x", true),
    ("/npm/space~", "/npm/space-ship/x", true), ("/npm/space~", "/npm/spaceship/x", false),
    ("/npm/space/foo~", "/npm/space/foo", true), ("/npm/space/foo~", "/npm/space/foo-bar", true),
    ("/npm/space/foo~", "/npm/space/food", false), ("/npm/space/foo~", "/npm/space/fooBar", false),
    ("/npm/space/foo~", "/npm/space/foo2", false),
    // A mark goes on with the letter before it; a circled digit is a number.
    ("/npm/space/foo~", "/npm/space/foo\u{301}", false), ("/npm//foo~", "/npm//foo\u{2460}", false),
    ("/npm//foo~", "/npm//foo\u{2014}bar", true), ("/npm//foo-*", "/npm//foo-", true),
    ("/npm//foo-*", "/npm//foo-bar", true), ("/npm//foo-*", "/npm//foobar", false),
    ("/npm//react$", "/npm//react", true), ("/npm//react$", "/npm//react-dom", false),
    ("/npm//react$", "/npm//React", false),
    ("/maven/com.anycompany~", "/maven/com.anycompany.a/b", true),
    ("/maven/com.*", "/maven/com.example/b", true), ("/maven/com.*", "/maven/community/b", false),
  ]) func `matches by word`(pattern: String, path: String, isMatch: Bool) throws {
    #expect(
      try PackageGroupPattern(reading: pattern).matches(Self.package(path)) == isMatch
    )
  }

  @Test(arguments: [
    ("foo-bar", "foo.bar"), ("foo..bar", "foo_bar"), ("foo-._bar", "foo-bar"), ("FOO", "foo"),
    ("Straße", "STRASSE"), ("раураl", "paypal"), ("g00gle", "google"), ("1odash", "lodash"),
    ("rnodule", "module"), ("ｒeact", "react"), ("re\u{200B}act", "react"),
    ("foo\u{2010}bar", "foo-bar"),
    ("caf\u{E9}", "cafe\u{301}"), ("ΡΥΤΗΟΝ", "ρυτηον"),
  ]) func `names that can be taken for one another fold to the same`(one: String, other: String) {
    #expect(NameFolding.fold(one) == NameFolding.fold(other))
  }

  @Test(arguments: [
    ("foobar", "foo-bar"), ("lodash", "lodahs"), ("cli", "cll"), ("cafe", "café"), ("x2", "x3"),
  ]) func `names that cannot do not`(one: String, other: String) {
    #expect(NameFolding.fold(one) != NameFolding.fold(other))
  }

  @Test func `folding again changes nothing`() {
    let names = Confusables.table.flatMap { target, sources in
      [target]
        + sources.split(separator: " ").compactMap { UInt32($0, radix: 16) }
        .compactMap(Unicode.Scalar.init).map(String.init)
    }
    #expect(names.count > 900)
    for name in names {
      let folded = NameFolding.fold(name)
      #expect(NameFolding.fold(folded) == folded, "\(name)")
    }
  }
}
