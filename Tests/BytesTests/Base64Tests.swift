import Bytes
import Testing

@Suite("Base 64")
struct Base64Tests {
  @Test func `the examples of RFC 4648 hold, padded and for URLs`() {
    let known = ["": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg=="]
    for (plain, padded) in known {
      let bytes = Array(plain.utf8)
      #expect(Base64.encode(bytes) == padded)
      #expect(Base64.decode(padded) == bytes && Base64.decodePadded(padded) == bytes)
      let bare = padded.filter { $0 != "=" }
      #expect(Base64.encodeForURL(bytes) == bare)
      #expect(Base64.decode(bare) == bytes && Base64.decodeForURL(bare) == bytes)
    }
    #expect(Base64.encodeForURL([0xFB, 0xFF]) == "-_8" && Base64.encode([0xFB, 0xFF]) == "+/8=")
  }

  @Test func `a text for URLs is written one way`() {
    for wrong in ["Zh", "Z", "Zg==", "Zm9v ", "Zm+v"] { #expect(Base64.decodeForURL(wrong) == nil) }
  }

  @Test func `pieces may be cut anywhere, and what is missing or too much is told`() {
    let text = Array("Zm9vYg==".utf8)
    for cut in 0...text.count {
      var decoder = Base64Decoder()
      var bytes: [UInt8] = []
      #expect(decoder.feed(text[..<cut], into: &bytes) && decoder.feed(text[cut...], into: &bytes))
      #expect(decoder.finish(into: &bytes) && bytes == Array("foob".utf8))
    }
    for wrong in ["Zg", "Zg=", "Zg===", "Z", "Zg==Zg==", "Zm9v\n", "Zm9-"] {
      #expect(Base64.decodePadded(wrong) == nil)
    }
  }
}
