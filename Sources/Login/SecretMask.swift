/// Hides tokens in lines that are shown to people.
package enum SecretMask {
  /// What stands where a token was, and what a dry run uses for one.
  package static let text = "********"
  /// A token of ours is 50 characters long, the service's own more than a thousand.
  private static let shortest = 40

  /// The line with every run of at least 40 characters of base 64 for URLs hidden, unless it is
  /// part of a longer word.
  package static func masked(_ line: String) -> String {
    var masked = ""
    var run = ""
    for character in line + "\n" {
      if character.isASCII, character.isLetter || character.isNumber || "_-.".contains(character) {
        run.append(character)
        continue
      }
      masked += isSecret(run) ? text : run
      masked.append(character)
      run = ""
    }
    return String(masked.dropLast())
  }

  private static func isSecret(_ run: String) -> Bool {
    run.hasPrefix("larder_") || run.count >= shortest && run.contains(where: \.isNumber)
  }
}
