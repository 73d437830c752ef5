/// A shell function for what has to be refused: `! command` cannot fail a script under `set -e`.
extension Shell {
  /// `refused WORDS COMMAND…` fails unless the command fails and says a line that matches WORDS.
  ///
  /// It shows what was said, and leaves no file. Every script that ``run(_:timeout:)`` runs has it.
  static let refused = """
    refused() {
      local words=$1 said; shift
      if said=$("$@" 2>&1); then echo "NOT REFUSED: $*"; echo "$said"; return 1; fi
      echo "$said"
      grep -q -- "$words" <<< "$said" || { echo "REFUSED WITHOUT '$words': $*"; return 1; }
    }

    """
}
