import FormatRules
import Testing

@Suite("Web addresses")
struct WebAddressTests {
  /// RFC 3986 sections 5.4.1 and 5.4.2.
  @Test(arguments: [
    ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
    ("/g", "http://a/g"), ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"),
    ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q#s"), ("g#s", "http://a/b/c/g#s"),
    ("g?y#s", "http://a/b/c/g?y#s"), (";x", "http://a/b/c/;x"), ("g;x", "http://a/b/c/g;x"),
    ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"), ("./", "http://a/b/c/"),
    ("..", "http://a/b/"), ("../", "http://a/b/"), ("../g", "http://a/b/g"), ("../..", "http://a/"),
    ("../../", "http://a/"), ("../../g", "http://a/g"), ("../../../g", "http://a/g"),
    ("/./g", "http://a/g"), ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."),
    ("..g", "http://a/b/c/..g"), ("./../g", "http://a/b/g"), ("g/./h", "http://a/b/c/g/h"),
    ("g/../h", "http://a/b/c/h"), ("g?y/../x", "http://a/b/c/g?y/../x"),
  ])
  func `references resolve as the RFC's examples do`(reference: String, expected: String) {
    #expect(WebAddress.resolve(reference, against: "http://a/b/c/d;p?q") == expected)
  }

  @Test func `a base without a path has one when something is resolved`() {
    #expect(WebAddress.resolve("g", against: "http://a:81") == "http://a:81/g")
  }

  @Test func `a file's name is the last segment, decoded`() {
    #expect(WebAddress.fileName(of: "http://h/x/a%2Bb-1.zip?q=/z#f") == "a+b-1.zip")
    #expect(WebAddress.fileName(of: "a.whl") == "a.whl")
    #expect(WebAddress.fileName(of: "http://h/x/") == nil)
    #expect(WebAddress.fileName(of: "http://h") == nil)
    #expect(WebAddress.fileName(of: "a%zz") == nil)
    #expect(WebAddress.fileName(of: "a%ff") == nil)
    #expect(WebAddress.fileName(of: "a%4") == nil)
  }
}
