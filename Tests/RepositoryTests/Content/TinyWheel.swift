/// A wheel with nothing in it but its metadata: a zip archive with one stored member.
enum TinyWheel {
  static func bytes(_ metadata: String, folder: String) -> [UInt8] {
    let name = Array("\(folder).dist-info/METADATA".utf8)
    let data = Array(metadata.utf8)
    let sum = checksum(data)
    // PKWARE APPNOTE 4.3.7, 4.3.12 and 4.3.16.
    func common() -> [UInt8] {
      little(20, 2) + little(0, 2) + little(0, 2) + little(0, 2) + little(0x5821, 2)
        + little(sum, 4) + little(UInt32(data.count), 4) + little(UInt32(data.count), 4)
        + little(UInt32(name.count), 2) + little(0, 2)
    }
    let local = little(0x0403_4B50, 4) + common() + name + data
    let central =
      little(0x0201_4B50, 4) + little(20, 2) + common() + little(0, 2) + little(0, 2)
      + little(0, 2) + little(0, 4) + little(0, 4) + name
    let end =
      little(0x0605_4B50, 4) + little(0, 4) + little(1, 2) + little(1, 2)
      + little(UInt32(central.count), 4) + little(UInt32(local.count), 4) + little(0, 2)
    return local + central + end
  }

  private static func little(_ value: UInt32, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt32($0 * 8)) }
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }
}
