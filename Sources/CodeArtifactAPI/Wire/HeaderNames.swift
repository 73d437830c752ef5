import HTTPTypes

extension HTTPField.Name {
  /// The SHA-256 of the body, in hexadecimal.
  static let amznContentSHA256 = named("x-amz-content-sha256")
  /// The name of the exception that a reply carries.
  static let amznErrorType = named("x-amzn-errortype")
  /// The request's name in our logs.
  static let amznRequestID = named("x-amzn-requestid")
  static let assetName = named("X-AssetName")
  static let packageVersion = named("X-PackageVersion")
  static let packageVersionRevision = named("X-PackageVersionRevision")

  private static func named(_ text: String) -> HTTPField.Name {
    guard let name = HTTPField.Name(text) else {
      preconditionFailure("\(text) is no name of a header")
    }
    return name
  }
}
