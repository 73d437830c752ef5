import FormatRules

extension Function {
  /// Versions, put in the order of their ecosystem.
  static var versions: [Function] {
    [
      Function(name: "order 200 versions of Python") {
        let texts = (0..<200).map { "\($0 % 7).\($0 % 13).\($0)rc\($0 % 3)" }
        return { texts.map { PythonVersion($0) }.sorted { $0 < $1 }.count }
      },
      Function(name: "order 200 versions of Maven") {
        let texts = (0..<200).map { "\($0 % 7).\($0 % 13).\($0)-beta-\($0 % 3)" }
        return { MavenVersion.sort(texts).count }
      },
      Function(name: "order 200 versions of npm") {
        let texts = (0..<200).map { "\($0 % 7).\($0 % 13).\($0)-rc.\($0 % 3)" }
        return { texts.compactMap { NpmVersion($0) }.sorted { $0 < $1 }.count }
      },
    ]
  }
}
