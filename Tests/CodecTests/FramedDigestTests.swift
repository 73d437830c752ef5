import Bytes
import Codec
import Testing

@Suite("Framed digest")
struct FramedDigestTests {
  private func digest(_ texts: [String]) -> SHA256Digest {
    var digest = FramedDigest()
    for text in texts { digest.add(text) }
    return digest.digest()
  }

  private func plain(_ texts: [String]) -> SHA256Digest {
    sha256(Array(texts.map { "\($0.utf8.count):\($0)" }.joined().utf8))
  }

  @Test func `it is that of the texts with their lengths, wherever they are put together`() {
    let long = String(repeating: "ü", count: 9_000)
    let short = (0..<5_000).map { "text \($0)" }
    for texts in [[], [""], ["a"], ["", "", "0123456789"], short, [long], short + [long] + short] {
      #expect(digest(texts) == plain(texts))
    }
    for count in 16_360...16_400 {
      let texts = [String(repeating: "x", count: count), "y"]
      #expect(digest(texts) == plain(texts), "\(count)")
      #expect(digest(["z"] + texts) == plain(["z"] + texts), "\(count)")
    }
  }

  @Test func `no two lists run together`() {
    #expect(digest(["ab", "c"]) != digest(["a", "bc"]))
    #expect(digest(["1:a"]) != digest(["", "a"]))
  }

  @Test func `more may follow a digest`() {
    var digest = FramedDigest()
    digest.add("a")
    #expect(digest.digest() == plain(["a"]))
    digest.add("b")
    #expect(digest.digest() == plain(["a", "b"]))
  }
}
