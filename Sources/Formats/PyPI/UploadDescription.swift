import Bytes
import FormatRules
import Repository

/// What an upload's form says, checked as far as it can be without the file.
struct UploadDescription {
  let project: ProjectName
  /// As the form spells it.
  let version: String
  let name: DistributionFileName
  let requiresPython: String?
  let digests: DeclaredDigests

  /// - Throws: `validation` with a sentence that says which field is wrong, and how.
  init(_ form: UploadForm) throws(RepositoryError) {
    let fields = form.fields
    guard fields[":action"] == "file_upload" else {
      throw .refusedUpload("The form's field `:action` must be `file_upload`.")
    }
    guard fields["protocol_version"] ?? "1" == "1" else {
      throw .refusedUpload("The form's `protocol_version` must be 1.")
    }
    project = try Self.project(fields["name"])
    version = try Self.version(fields["version"])
    name = try Self.fileName(form.file?.name, of: project, version: version)
    if let type = fields["filetype"], type != name.uploadType {
      throw .refusedUpload(
        "The form's `filetype` is \(type), and \(name.fileName) is \(name.uploadType)."
      )
    }
    let requirement = fields["requires_python"] ?? ""
    requiresPython = requirement.isEmpty ? nil : requirement
    digests = DeclaredDigests(
      sha256: try Self.digest("sha256_digest", 32, in: fields).flatMap {
        SHA256Digest(bytes: $0.span)
      },
      md5: try Self.digest("md5_digest", 16, in: fields),
      blake2b256: try Self.digest("blake2_256_digest", 32, in: fields)
    )
  }

  /// Compares with the metadata inside the file.
  func check(_ metadata: CoreMetadata?) throws(RepositoryError) {
    guard let metadata else { return }
    guard ProjectName(metadata.name) == project else {
      throw .refusedUpload(
        "The metadata inside \(name.fileName) is of project \(metadata.name), and the form says "
          + "\(project.spelling)."
      )
    }
    guard PythonVersion(metadata.version) == name.version else {
      throw .refusedUpload(
        "The metadata inside \(name.fileName) is of version \(metadata.version), and the form "
          + "says \(version)."
      )
    }
  }

  private static func project(_ text: String?) throws(RepositoryError) -> ProjectName {
    guard let text else { throw .refusedUpload("The form's field `name` is missing.") }
    guard let project = ProjectName(text) else {
      throw .refusedUpload(
        "`\(text)` is no project name: it takes letters, digits, `-`, `_` and `.`, and begins and "
          + "ends with a letter or digit (PEP 508)."
      )
    }
    return project
  }

  private static func version(_ text: String?) throws(RepositoryError) -> String {
    guard let text else { throw .refusedUpload("The form's field `version` is missing.") }
    guard let version = PythonVersion(standard: text) else {
      throw .refusedUpload("`\(text)` is no version (PEP 440).")
    }
    return version.spelling
  }

  private static func fileName(
    _ text: String?,
    of project: ProjectName,
    version: String
  ) throws(RepositoryError) -> DistributionFileName {
    guard let text else {
      throw .refusedUpload("There is no file in the form: the field `content` is missing.")
    }
    guard let name = DistributionFileName(text, project: project) else {
      throw .refusedUpload(
        "`\(text)` is no file name of a wheel, source distribution or egg of project "
          + "\(project.spelling)."
      )
    }
    guard name.version == PythonVersion(version) else {
      throw .refusedUpload(
        "\(text) is of version \(name.version), and the form says \(version)."
      )
    }
    return name
  }

  private static func digest(
    _ field: String,
    _ byteCount: Int,
    in fields: [String: String]
  ) throws(RepositoryError) -> [UInt8]? {
    guard let text = fields[field], !text.isEmpty else { return nil }
    guard let bytes = Hexadecimal.decode(text), bytes.count == byteCount else {
      throw .refusedUpload(
        "The form's `\(field)` is not \(2 * byteCount) hexadecimal digits."
      )
    }
    return bytes
  }
}
