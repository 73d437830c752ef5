import Foundation

/// A certificate for localhost and 127.0.0.1, good from November 2026 for a hundred years, in files
/// that go with `remove`.
struct TestCertificate {
  /// A moment at which it is good, in seconds since 1970.
  static let now = 1_800_000_000

  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("larder-tls-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, text) in [
      ("chain.pem", Self.chain), ("key.pem", Self.key), ("other.pem", Self.other),
      ("empty.pem", ""),
    ] {
      try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
  }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  func remove() {
    try? FileManager.default.removeItem(at: folder)
  }

  static let chain = """
    -----BEGIN CERTIFICATE-----
    MIIBmzCCAUGgAwIBAgIUHgl6DeRGayDBpKFuFaiL+FcTi9YwCgYIKoZIzj0EAwIw
    FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTA5MTkzNVoYDzIxMjYxMDI4
    MDkxOTM1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
    PQMBBwNCAAQU10iUTb2x/S+mVjvu+VXiV1Wlp756atV8E0zz+iBBtrO6+AL4wYoL
    UnwXAKH41UPsqd1OJi7r2bAre8KH4dlQo28wbTAdBgNVHQ4EFgQUSKHgQ10Udb3N
    lgB3RCiJqCeZE6owHwYDVR0jBBgwFoAUSKHgQ10Udb3NlgB3RCiJqCeZE6owDwYD
    VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
    zj0EAwIDSAAwRQIhAJHSbIEwLDdlLFLRGyfg3NxVGwsabzzkGl2hNXdoKSgTAiBb
    +cb0z7kmJiokglrSNl90Ri0nFg0m5GmJ4dLxaoXMiQ==
    -----END CERTIFICATE-----
    """
  private static let key = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgv9ie+offVOUkqK7m
    WpKUAOHX+Nr64R3ThqQYCfYtvCihRANCAAQU10iUTb2x/S+mVjvu+VXiV1Wlp756
    atV8E0zz+iBBtrO6+AL4wYoLUnwXAKH41UPsqd1OJi7r2bAre8KH4dlQ
    -----END PRIVATE KEY-----
    """
  /// Somebody else's.
  private static let other = """
    -----BEGIN EC PRIVATE KEY-----
    MHcCAQEEIJ41ePRSaMvTDugRzPNNj8k56rtU7t75dOrAN+NeFb8woAoGCCqGSM49
    AwEHoUQDQgAEdpS2we9rjuaNvzHfQ1+lQgRzKc0EM1nArDTTlJ15gNeguU4FwNnI
    n/vzAaMFZH81qmTFtixKd2ETA9vKHBnGzA==
    -----END EC PRIVATE KEY-----
    """
}
