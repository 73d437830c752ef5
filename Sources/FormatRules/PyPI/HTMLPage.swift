/// The frame that every HTML page of the simple index shares (PEPs 503 and 629).
struct HTMLPage {
  private var bytes: [UInt8] = []
  private let title: String

  init(title: String) {
    self.title = title
    bytes.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
    meta("pypi:repository-version", SimplePage.writtenVersion)
  }

  mutating func meta(_ name: String, _ content: String) {
    bytes.append("<meta")
    attribute("name", name)
    attribute("content", content)
    bytes.append(">\n")
  }

  mutating func beginBody() {
    bytes.append("<title>")
    HTMLText.append(escaping: title, to: &bytes)
    bytes.append("</title>\n</head>\n<body>\n<h1>")
    HTMLText.append(escaping: title, to: &bytes)
    bytes.append("</h1>\n")
  }

  mutating func anchor(
    _ text: String,
    href: String,
    attributes: [(name: String, value: String)] = []
  ) {
    bytes.append("<a")
    attribute("href", href)
    for (name, value) in attributes { attribute(name, value) }
    bytes.append(">")
    HTMLText.append(escaping: text, to: &bytes)
    bytes.append("</a><br>\n")
  }

  consuming func finish() -> [UInt8] {
    bytes.append("</body>\n</html>\n")
    return bytes
  }

  private mutating func attribute(_ name: String, _ value: String) {
    bytes.append(" \(name)=\"")
    HTMLText.append(escaping: value, to: &bytes)
    bytes.append("\"")
  }
}
