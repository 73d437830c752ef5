import FormatRules
import Testing

@Suite("Generic names")
struct GenericNameTests {
  @Test(arguments: [
    "a", "A.b-c_d", "__proto__", "1.0+build.5", "größe", "a.", "~", "日本", "x\u{302}",
  ])
  func `names have any characters but a few`(text: String) {
    #expect(GenericName.isName(text))
  }

  @Test(arguments: [
    "", ".", "..", "a b", "a/b", "a#b", "a\\b", "a\u{0}", "a\u{200B}b", "a\u{A0}b", "a\n",
    "cafe\u{301}", "\u{212A}", "\u{2126}", "\u{F900}",
  ])
  func `what has them is none`(text: String) {
    #expect(!GenericName.isName(text))
  }

  @Test func `lengths are bounded`() {
    for (count, isName) in [(214, true), (255, true), (256, false)] {
      let text = String(repeating: "a", count: count)
      #expect(GenericName.isName(text) == isName)
      #expect(GenericName.isAsset(text) == isName)
    }
  }

  @Test(arguments: ["a.tar.gz", "a b.txt", "(1) [x] {y} ~!@^&-_+;,`", "Größe.bin", ".hidden"])
  func `assets have letters, digits, spaces and some marks`(text: String) {
    #expect(GenericName.isAsset(text))
  }

  @Test(arguments: [
    "", ".", "..", " a", "a ", "a  b", "a/b", "a\\b", "a%b", "a:b", "a?b", "a*b", "a\"b", "a<b",
    "a|b",
    "a\tb", "\u{1F600}", "a\u{301}", "\u{212A}", "\u{2126}", "\u{F900}",
  ])
  func `other assets are refused`(text: String) {
    #expect(!GenericName.isAsset(text))
  }
}
