import FormatRules

/// A page that has one of everything.
enum SimplePageSamples {
  static let digest = String(repeating: "a1", count: 32)
  static let metadataDigest = String(repeating: "b2", count: 32)

  static let full = SimplePage(
    name: "demo-pkg",
    files: [
      SimpleFile(
        fileName: "demo_pkg-1.0+cu118-py3-none-any.whl",
        url: "1.0%2Bcu118/demo_pkg-1.0%2Bcu118-py3-none-any.whl",
        hashes: ["sha256": digest, "md5": "0123456789abcdef0123456789abcdef"],
        requiresPython: ">=3.8,<4",
        byteCount: 5_368_709_120,
        uploadTime: UploadTime(microseconds: 1_641_040_496_789_012),
        coreMetadata: .available(hashes: ["sha256": metadataDigest]),
        hasSignature: true,
        provenance: "https://index.example/demo.provenance"
      ),
      SimpleFile(
        fileName: "demo.pkg-0.9.tar.gz",
        url: "0.9/demo.pkg-0.9.tar.gz",
        hashes: ["sha256": digest],
        byteCount: 12,
        yank: .yanked(reason: "says \"no\" & <more>'s"),
        coreMetadata: .available(hashes: [:]),
        hasSignature: false
      ),
      SimpleFile(
        fileName: "demo.pkg-0.8.zip",
        url: "0.8/demo.pkg-0.8.zip",
        yank: .yanked(reason: nil)
      ),
    ],
    versions: ["0.8", "0.9", "1.0+cu118"],
    tracks: ["https://a.example/simple/demo/"],
    alternateLocations: ["https://b.example/simple/demo/", "https://c.example/simple/demo/"],
    status: ProjectStatus(marker: "deprecated", reason: "use <other>")
  )
}
